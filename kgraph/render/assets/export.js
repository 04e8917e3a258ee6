// The picture as it is seen, with its heading and legend, as SVG or PNG: one list of shapes, two writers.
const SVG = 'http://www.w3.org/2000/svg';

function scene() {
  const chosen = neighbourhood();
  const faded = (inside) => (chosen && !inside ? 0.15 : 1);
  const shapes = [...shadeShapes()];
  for (const edge of data.edges) {
    if (edgeVisible(edge)) shapes.push(...edgeShapes(edge, faded(chosen?.edges.includes(edge))));
  }
  for (const node of [...ranked].reverse()) {
    if (nodeVisible(node)) shapes.push(nodeShape(node, faded(chosen?.ids.has(node.id))));
  }
  for (const { lines, font, spot, fill, height } of texts) {
    lines.forEach((text, number) => shapes.push({
      text, font, fill, anchor: 'middle', x: (spot.left + spot.right) / 2, y: spot.top + (number + 0.5) * height,
    }));
  }
  return { width: window.innerWidth, height: window.innerHeight, shapes: [...shapes, ...legendShapes()] };
}

const onScreen = ({ x, y }) => network.canvasToDOM({ x, y });

function* shadeShapes() {
  if (!state.shaded) return;
  for (const [place, { key }] of data.communities.entries()) {
    const discs = shadeDiscs(key).map((disc) => ({ ...onScreen(disc), r: disc.radius * network.getScale() }));
    yield { discs, fill: colour.tints[place % colour.tints.length] };
  }
}

function edgeShapes(edge, opacity) {
  const line = network.body.edges[edge.id];
  if (!line) return [];
  const ends = [nodeOf.get(edge.from), nodeOf.get(edge.to)];
  const points = (edge.curve ? [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1] : [0, 1]).map((share) => (
    onScreen(share === 0 ? ends[0] : share === 1 ? ends[1] : line.edgeType.getPoint(share))
  ));
  const scale = network.getScale();
  const stroke = colour.kinds[edge.kind].strong;
  const strength = opacity * (aside(edge) ? 0.26 : data.small ? 0.75 : 0.35);
  const shape = { points, stroke, width: Math.max(edge.width * scale, 0.5), opacity: strength };
  if ((data.small && edge.kind === 'related') || edge.kind === 'removed') shape.dash = [5, 4];
  const head = (tip, before, node) => arrowHead(tip, before, node.size * scale, Math.max(9 * scale * (data.small ? 1 : 0.5), 3), stroke, strength);
  const heads = arrowsOf(edge, 1);
  const last = points.length - 1;
  return [
    shape,
    ...(heads.to.enabled ? [head(points[last], points[last - 1], ends[1])] : []),
    ...(heads.from.enabled ? [head(points[0], points[1], ends[0])] : []),
  ];
}

function arrowHead(tip, before, radius, length, fill, opacity) {
  const far = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const [ux, uy] = [(tip.x - before.x) / far, (tip.y - before.y) / far];
  const [x, y] = [tip.x - ux * radius, tip.y - uy * radius];
  const at = (back, aside) => ({ x: x - ux * back - uy * aside, y: y - uy * back + ux * aside });
  return { points: [{ x, y }, at(length, length * 0.4), at(length, -length * 0.4)], closed: true, fill, opacity };
}

function nodeShape(node, opacity) {
  const { x, y } = onScreen(node);
  const { background, border } = nodeColour(node);
  return { ...outline(node.shape, x, y, node.size * network.getScale()), fill: background, stroke: border, width: 1.2, opacity };
}

function outline(shape, x, y, r) {
  if (shape === 'dot') return { discs: [{ x, y, r }] };
  const corners = {
    diamond: [[0, -1], [1, 0], [0, 1], [-1, 0]],
    square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
    triangle: [[0, -1.05], [1.05, 0.8], [-1.05, 0.8]],
  }[shape];
  return { points: corners.map(([dx, dy]) => ({ x: x + dx * r, y: y + dy * r })), closed: true };
}

function legendShapes() {
  const shapes = [{ text: byId('panel').querySelector('h1').textContent, font: `600 20px ${FONT}`, fill: colour.ink, anchor: 'start', x: 24, y: 34 }];
  let y = 64;
  const line = (mark, text) => {
    shapes.push(mark, { text, font: `400 13px ${FONT}`, fill: colour.ink, anchor: 'start', x: 44, y });
    y += 20;
  };
  for (const type of data.types.filter(({ key }) => !state.hiddenTypes.has(key))) {
    line({ ...outline(type.shape, 30, y, 6), fill: colour.slots[type.slot] }, type.label);
  }
  const kinds = new Set(data.edges.map((edge) => edge.kind).filter((kind) => !state.hiddenKinds.has(kind)));
  for (const kind of Object.keys(KINDS).filter((name) => kinds.has(name))) {
    const dash = kind === 'related' || kind === 'removed' ? [4, 3] : undefined;
    line({ points: [{ x: 22, y }, { x: 38, y }], stroke: colour.kinds[kind].strong, width: 2.5, dash }, KINDS[kind]);
  }
  return shapes;
}

// Texts become text nodes, so that nothing in a title is markup.
function svgShape(shape) {
  const made = (tag, attributes) => {
    const found = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) found.setAttribute(name, typeof value === 'number' ? String(Math.round(value * 100) / 100) : value);
    }
    return found;
  };
  if ('text' in shape) {
    const [, slant, weight, size] = /^(italic )?(\d+ )?(\d+)px/.exec(shape.font);
    const found = made('text', {
      x: shape.x, y: shape.y, fill: shape.fill, 'font-size': Number(size), 'font-weight': weight?.trim(), 'font-style': slant?.trim(),
      'font-family': FONT, 'text-anchor': shape.anchor, 'dominant-baseline': 'central', stroke: colour.ground, 'stroke-width': 3,
      'paint-order': 'stroke', 'stroke-linejoin': 'round',
    });
    found.textContent = shape.text;
    return found;
  }
  const number = (value) => Math.round(value * 100) / 100;
  const d = shape.discs
    ? shape.discs.map(({ x, y, r }) => `M${number(x - r)} ${number(y)}a${number(r)} ${number(r)} 0 1 0 ${number(2 * r)} 0a${number(r)} ${number(r)} 0 1 0 ${number(-2 * r)} 0z`).join('')
    : shape.points.map(({ x, y }, place) => `${place ? 'L' : 'M'}${number(x)} ${number(y)}`).join('') + (shape.closed ? 'z' : '');
  return made('path', {
    d, fill: shape.fill ?? 'none', stroke: shape.stroke, 'stroke-width': shape.stroke && shape.width, opacity: shape.opacity,
    'stroke-dasharray': shape.dash?.join(' '),
  });
}

function svgText() {
  const { width, height, shapes } = scene();
  const root = document.createElementNS(SVG, 'svg');
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) root.setAttribute(name, value);
  const title = document.createElementNS(SVG, 'title');
  title.textContent = document.title;
  const ground = { points: [{ x: 0, y: 0 }, { x: width, y: 0 }, { x: width, y: height }, { x: 0, y: height }], closed: true, fill: colour.ground };
  root.append(title, ...[ground, ...shapes].map(svgShape));
  return new XMLSerializer().serializeToString(root);
}

function paintShape(context, shape) {
  context.globalAlpha = shape.opacity ?? 1;
  if ('text' in shape) {
    context.font = shape.font;
    context.textAlign = shape.anchor === 'middle' ? 'center' : 'left';
    context.strokeStyle = colour.ground;
    context.lineWidth = 3.5;
    context.strokeText(shape.text, shape.x, shape.y);
    context.fillStyle = shape.fill;
    context.fillText(shape.text, shape.x, shape.y);
    return;
  }
  context.beginPath();
  for (const { x, y, r } of shape.discs ?? []) {
    context.moveTo(x + r, y);
    context.arc(x, y, r, 0, 2 * Math.PI);
  }
  (shape.points ?? []).forEach(({ x, y }, place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
  if (shape.closed) context.closePath();
  context.setLineDash(shape.dash ?? []);
  if (shape.fill) {
    context.fillStyle = shape.fill;
    context.fill();
  }
  if (shape.stroke) {
    context.strokeStyle = shape.stroke;
    context.lineWidth = shape.width;
    context.stroke();
  }
}

const SHARPNESS = 2;

function savePng() {
  const { width, height, shapes } = scene();
  const canvas = element('canvas', { width: width * SHARPNESS, height: height * SHARPNESS });
  const context = canvas.getContext('2d');
  context.scale(SHARPNESS, SHARPNESS);
  context.fillStyle = colour.ground;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  for (const shape of shapes) paintShape(context, shape);
  canvas.toBlob((blob) => save(blob, 'png'), 'image/png');
}

function saveSvg() {
  save(new Blob([svgText()], { type: 'image/svg+xml' }), 'svg');
}

function save(blob, suffix) {
  const name = plain(document.title).replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 60) || 'graph';
  const address = URL.createObjectURL(blob);
  element('a', { href: address, download: `${name}.${suffix}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  byId('status').textContent = `Saved ${name}.${suffix}`;
}
