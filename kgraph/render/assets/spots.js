// Where a label goes: beside its node, off other labels and panels, off nodes and edges as far as that is possible.
const overlap = (a, b) =>
  a.left < b.right + 3 && b.left < a.right + 3 && a.top < b.bottom + 1 && b.top < a.bottom + 1;

function discsOnScreen(chosen, scale, width, height) {
  const found = new Map();
  for (const node of data.nodes) {
    if (!nodeVisible(node)) continue;
    const { x, y } = network.canvasToDOM(network.body.nodes[node.id]);
    const radius = node.size * scale;
    if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
    const shown = !chosen || chosen.ids.has(node.id);
    found.set(node.id, { x, y, radius, shown, left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
  }
  return found;
}

// Straight lines stand for all edges, bent ones too: it is about where a label reads well, no more.
function linesOnScreen(chosen) {
  const at = (id) => network.canvasToDOM(network.body.nodes[id]);
  return (chosen ? chosen.edges : data.edges.filter(edgeVisible)).map((edge) => [at(edge.from), at(edge.to)]);
}

// Below, above, right, left, then the corners: the reader's habit decides between places that are equally free.
function places({ width, height }, { x, y, radius }, screen) {
  const gap = 3;
  const near = radius * 0.72;
  const corners = [[1, -1], [1, 1], [-1, -1], [-1, 1]].map(([right, down]) => [
    right > 0 ? x + near + gap : x - near - gap - width, down > 0 ? y + near : y - near - height,
  ]);
  return [
    [x - width / 2, y + radius + gap],
    [x - width / 2, y - radius - gap - height],
    [x + radius + gap + 2, y - height / 2],
    [x - radius - gap - 2 - width, y - height / 2],
    ...corners,
  ].map(([wanted, top], side) => {
    const left = side < 2 ? Math.min(Math.max(wanted, 6), screen - width - 6) : wanted;
    return { left, top, right: left + width, bottom: top + height };
  });
}

// A label may cover nodes much smaller than its own, but a landmark's goes where it does least harm.
const COVERED = 1;
const CROSSED = 0.8;
const LATER = 0.3;

function spotFor(label, disc, { width, taken, discs, lines, forced, landmark }) {
  const reach = label.width + disc.radius + 12;
  const near = [...discs.values()].filter((other) => (
    other !== disc && other.shown && Math.abs(other.x - disc.x) < reach + other.radius && Math.abs(other.y - disc.y) < reach + other.radius
  ));
  const least = Math.max(disc.radius * 0.6, 3.5);
  const all = places(label, disc, width);
  let best = null;
  let cost = Infinity;
  all.forEach((spot, place) => {
    if (spot.left < 0 || spot.right > width || taken.some((other) => overlap(spot, other))) return;
    let harm = place * LATER;
    for (const other of near) {
      if (!overlap(spot, other)) continue;
      if (other.radius < least) harm += COVERED;
      else if (landmark) harm += 20 + other.radius;
      else return;
    }
    for (const [from, to] of lines) harm += CROSSED * crosses(spot, from, to);
    if (harm < cost) [best, cost] = [spot, harm];
  });
  return best ?? (forced ? all[0] : null);
}

// Whether a line runs through a box: 1 or 0, by the part of the line within each pair of sides (Liang and Barsky, 1984).
function crosses(box, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  let [enter, leave] = [0, 1];
  for (const [step, room] of [[-dx, from.x - box.left], [dx, box.right - from.x], [-dy, from.y - box.top], [dy, box.bottom - from.y]]) {
    if (step === 0 && room < 0) return 0;
    if (step < 0) enter = Math.max(enter, room / step);
    else if (step > 0) leave = Math.min(leave, room / step);
  }
  return enter <= leave ? 1 : 0;
}
