// Labels are painted in screen pixels, most important first, and only where there is room (spots.js). So an
// overview names the landmarks, and the rest follows as one zooms in.
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const ranked = [...data.nodes].sort(byImportance);
const measured = new Map();
// Who leads them all, and in a large drawing who leads a community, is told before anybody else.
const LANDMARKS = 8;
const leaders = data.small ? [] : data.communities.slice(0, MOST_COMMUNITIES).filter(({ count }) => count > 4);
const landmarks = new Set([
  ...ranked.slice(0, LANDMARKS), ...leaders.map(({ key }) => ranked.find((node) => node.community === key)),
].sort(byImportance).map((node) => node.id));
const changedIds = ranked.filter((node) => node.change).map((node) => node.id);

function wrapped(text) {
  const room = data.small ? 20 : 24;
  const lines = [''];
  for (const word of text.trim().split(/\s+/)) {
    const line = lines[lines.length - 1];
    if (!line) lines[lines.length - 1] = word;
    else if ((line + ' ' + word).length <= room) lines[lines.length - 1] += ' ' + word;
    else lines.push(word);
  }
  const cut = lines.slice(0, 2);
  if (lines.length > 2) cut[1] += ' …';
  return cut.map((line) => (line.length > room + 6 ? [...line].slice(0, room + 4).join('') + '…' : line));
}

function labelOf(context, node) {
  const known = measured.get(node.id);
  if (known) return known;
  const focus = node.id === data.focus;
  const px = focus && !narrow.matches ? 17 : Math.round((data.small && !narrow.matches ? 13 : 12) + 4 * Math.sqrt(node.importance));
  const font = `${focus || (!data.small && landmarks.has(node.id)) || node.importance > 0.25 ? 600 : 400} ${px}px ${FONT}`;
  context.font = font;
  const lines = wrapped(node.label);
  const width = Math.max(...lines.map((line) => context.measureText(line).width));
  const made = { px, font, lines, width, height: lines.length * px * 1.15 };
  measured.set(node.id, made);
  return made;
}

// While the view or a node is dragged, the labels of a large drawing keep their places beside their nodes.
const TRIED = 500;
let dragged = false;
let placed = [];

function paintLabels(context) {
  const scale = network.getScale();
  const ratio = context.getTransform().a / scale;
  const chosen = neighbourhood();
  const width = context.canvas.width / ratio;
  const height = context.canvas.height / ratio;
  const most = chosen ? 40 : data.small ? 200 : Math.round((width * height) / 26000);
  const taken = ['panel', 'card', 'zoom', 'list', 'save', 'trail'].map((id) => byId(id).getBoundingClientRect());
  texts.length = 0;
  if (dragged && !data.small) {
    paintPlaced(context, ratio);
    return;
  }
  placed = [];
  const discs = discsOnScreen(chosen, scale, width, height);
  const lines = data.small ? linesOnScreen(chosen) : [];
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.lineJoin = 'round';
  for (const node of labelOrder(chosen).slice(0, TRIED)) {
    if (placed.length >= most) break;
    const disc = discs.get(node.id);
    if (!disc) continue;
    const forced = node.id === state.selected || node.id === state.hovered || node.id === data.focus;
    const spot = spotFor(labelOf(context, node), disc, { width, taken, discs, lines, forced, landmark: landmarks.has(node.id) });
    if (!spot) continue;
    taken.push(spot, disc);
    placed.push({ node, dx: spot.left - disc.x, dy: spot.top - disc.y });
    paintText(context, labelOf(context, node), spot, colour.ink);
  }
  if (chosen || (data.small && (!narrow.matches || data.edges.length <= 20))) paintEdgeNames(context, chosen, taken);
  context.restore();
}

function paintPlaced(context, ratio) {
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.lineJoin = 'round';
  for (const { node, dx, dy } of placed) {
    const { x, y } = network.canvasToDOM(network.body.nodes[node.id]);
    const label = labelOf(context, node);
    const spot = { left: x + dx, top: y + dy, right: x + dx + label.width, bottom: y + dy + label.height };
    paintText(context, label, spot, colour.ink);
  }
  context.restore();
}

function labelOrder(chosen) {
  const first = [...new Set([state.hovered, state.selected, data.focus, ...changedIds, ...landmarks])].filter((id) => id !== null);
  const rest = ranked.filter((node) => nodeVisible(node) && !first.includes(node.id));
  const order = [...first.map((id) => nodeOf.get(id)).filter(nodeVisible), ...rest];
  return chosen ? order.filter((node) => chosen.ids.has(node.id) || node.id === state.hovered) : order;
}

// What was painted last, for the exports.
const texts = [];

function paintText(context, label, spot, fill) {
  texts.push({ lines: label.lines, font: label.font, spot, fill, height: label.height / label.lines.length });
  context.font = label.font;
  context.strokeStyle = colour.ground;
  context.lineWidth = 3.5;
  context.fillStyle = fill;
  label.lines.forEach((line, number) => {
    const x = (spot.left + spot.right) / 2;
    const y = spot.top + (number + 0.5) * (label.height / label.lines.length);
    context.globalAlpha = 0.88;
    context.strokeText(line, x, y);
    context.globalAlpha = 1;
    context.fillText(line, x, y);
  });
}

// A name that most relations share tells nothing: it is left to the tooltip.
const commonName = (() => {
  const names = data.edges.filter((edge) => edge.kind === 'relation').map((edge) => edge.name);
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return names.length < 8 ? undefined : [...counts.keys()].find((name) => counts.get(name) > names.length / 2);
})();

// Names of relations, half way along the edge, where they fit.
function paintEdgeNames(context, chosen, taken) {
  const about = chosen ? chosen.edges : data.edges.filter(edgeVisible);
  const named = about.filter((edge) => edge.name && edge.name !== commonName);
  const central = named.filter((edge) => edge.from === data.focus || edge.to === data.focus);
  const edges = named.length > 40 && central.length ? central : named.slice(0, 40);
  const font = `italic 12px ${FONT}`;
  for (const edge of edges) {
    const line = network.body.edges[edge.id];
    if (!line) continue;
    context.font = font;
    const text = edge.name.length > 26 ? edge.name.slice(0, 25) + '…' : edge.name;
    const width = context.measureText(text).width;
    for (const share of [0.5, 0.62, 0.38]) {
      const { x, y } = network.canvasToDOM(line.edgeType.getPoint(share));
      const spot = { left: x - width / 2, right: x + width / 2, top: y - 7, bottom: y + 7 };
      if (taken.some((other) => overlap(spot, other))) continue;
      taken.push(spot);
      paintText(context, { lines: [text], font, height: 14 }, spot, data.groups ? colour.ink : colour.kinds[edge.kind].strong);
      break;
    }
  }
}
