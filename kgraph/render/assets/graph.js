// The network of vis: which nodes and edges it has, and what is dimmed around a selection.
for (const node of data.nodes) node.label = (CHANGES[node.change] ?? '') + node.label;
const crowded = data.nodes.length > 2000; // then outlines cost more than they tell
const drawnNode = (node) => ({
  id: node.id, x: node.x, y: node.y, size: node.size, shape: node.shape, color: nodeColour(node),
  ...(crowded && !node.change && { borderWidth: 0 }),
});

function drawnEdge(edge) {
  const drawn = { id: edge.id, from: edge.from, to: edge.to, width: edge.width, color: edgeColour(edge) };
  drawn.arrows = arrowsOf(edge, data.small ? 0.6 : 0.3);
  if ((data.small && edge.kind === 'related') || edge.kind === 'removed') drawn.dashes = [6, 5];
  if (edge.curve) drawn.smooth = { enabled: true, type: 'curvedCW', roundness: edge.curve };
  drawn.chosen = { edge: (values, id, selected) => standOut(values, edge, selected) };
  return drawn;
}

function arrowsOf(edge, scaleFactor) {
  const head = { enabled: edge.kind !== 'related' && !data.groups, scaleFactor };
  return { to: head, from: edge.both ? head : { enabled: false } };
}

function standOut(values, edge, selected) {
  values.color = colour.kinds[edge.kind].strong + (data.small ? '' : 'b8');
  values.width += selected ? 0.8 : 0.4;
  if (values.toArrow) values.toArrowScale = 0.6;
  if (values.fromArrow) values.fromArrowScale = 0.6;
}

const endsVisible = (edge) => nodeVisible(nodeOf.get(edge.from)) && nodeVisible(nodeOf.get(edge.to));
const withRelation = (edge) => edge.under && !state.hiddenKinds.has('relation');

function edgeVisible(edge) {
  if (state.hiddenKinds.has(edge.kind) || withRelation(edge) || !endsVisible(edge)) return false;
  return edge.id < state.shown || edge.from === state.selected || edge.to === state.selected || nearby.has(edge.id);
}

// More on zoom: edges between the nodes in view, beyond those shown everywhere.
const NEARBY = 900;
let nearby = new Set();

function inView({ x, y }) {
  const at = network.canvasToDOM({ x, y });
  return at.x > 0 && at.y > 0 && at.x < window.innerWidth && at.y < window.innerHeight;
}

function showNearby() {
  if (data.shown === data.edges.length) return;
  const close = network.getScale() > 1.4 * fitted;
  const seen = new Set(close ? data.nodes.filter((node) => nodeVisible(node) && inView(node)).map((node) => node.id) : []);
  const found = new Set();
  for (const edge of seen.size ? data.edges : []) {
    if (found.size === NEARBY) break;
    if (edge.id >= state.shown && seen.has(edge.from) && seen.has(edge.to)) found.add(edge.id);
  }
  if (!found.size && !nearby.size) return;
  nearby = found;
  refresh();
}

const nodeSet = new vis.DataSet(data.nodes.map(drawnNode));
const edgeSet = new vis.DataSet(data.edges.map(drawnEdge));
const nodeView = new vis.DataView(nodeSet, { filter: (item) => nodeVisible(nodeOf.get(item.id)) });
const edgeView = new vis.DataView(edgeSet, { filter: (item) => edgeVisible(data.edges[item.id]) });
const network = new vis.Network(byId('graph'), { nodes: nodeView, edges: edgeView }, data.options);

let version = 0;

function refresh() {
  version += 1;
  nodeView.refresh();
  edgeView.refresh();
  tellCounts();
  network.redraw();
}

// What is drawn, where that is less than there is.
const counted = (edges) => edges.reduce((sum, edge) => sum + (edge.both ? 2 : 1), 0);
const all = { nodes: data.nodes.length, edges: counted(data.edges), told: byId('counts').textContent };

function tellCounts() {
  const drawn = counted(data.edges.filter((edge) => (withRelation(edge) ? endsVisible(edge) : edgeVisible(edge))));
  const of = (some, most, thing) => (some < most ? `${some.toLocaleString('en')} of ` : '') + `${most.toLocaleString('en')} ${thing}`;
  const part = drawn < all.edges || nodeView.length < all.nodes;
  byId('counts').textContent = part ? `${of(nodeView.length, all.nodes, 'nodes')} · ${of(drawn, all.edges, 'edges')}` : all.told;
}

function repaint() {
  colour = readColours();
  nodeSet.update(data.nodes.map((node) => ({ id: node.id, color: nodeColour(node) })));
  edgeSet.update(data.edges.map((edge) => ({ id: edge.id, color: edgeColour(edge) })));
}

// A node and what is visible within so many steps, or null when nothing is selected.
let known = { key: null, found: null };

function neighbourhood() {
  const centre = state.selected ?? (state.around ? data.focus : null);
  if (centre === null) return null;
  const key = JSON.stringify([centre, state.steps, state.shown, version]);
  if (known.key !== key) known = { key, found: within(centre, state.steps) };
  return known.found;
}

function within(centre, steps) {
  const ids = new Set([centre]);
  const edges = new Set();
  let rim = [centre];
  for (let step = 0; step < steps; step += 1) {
    const next = [];
    for (const id of rim) {
      for (const edge of edgesOf.get(id).filter(edgeVisible)) {
        edges.add(edge);
        const other = otherEnd(edge, id);
        if (!ids.has(other)) {
          ids.add(other);
          next.push(other);
        }
      }
    }
    rim = next;
  }
  return { edges: [...edges], ids };
}

// Lays a soft ground under each community: discs round its nodes that flow together, one for all nodes close to each other.
function shadeDiscs(key) {
  const reach = (data.small ? 34 : 20) + 10 / network.getScale();
  const cell = data.nodes.length > 1000 ? reach * 0.6 : 0;
  const found = new Map();
  for (const node of data.nodes) {
    if (node.community !== key || !nodeVisible(node)) continue;
    const { x, y } = network.body.nodes[node.id];
    const place = cell ? `${Math.round(x / cell)},${Math.round(y / cell)}` : node.id;
    const radius = node.size + reach;
    if (!(found.get(place)?.radius >= radius)) found.set(place, { x, y, radius });
  }
  return [...found.values()];
}

let shades = { key: null, discs: [] };

function shadeCommunities(context) {
  if (!state.shaded) return;
  const key = `${version} ${network.getScale()}`;
  if (shades.key !== key || data.nodes.length <= 1000) {
    shades = { key, discs: data.communities.map((community) => shadeDiscs(community.key)) };
  }
  shades.discs.forEach((discs, place) => {
    context.beginPath();
    for (const { x, y, radius } of discs) {
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fillStyle = colour.tints[place % colour.tints.length];
    context.fill();
  });
}

// Lays a veil over the drawing and draws the neighbourhood of the selected node again on top of it.
function dimOthers(context) {
  const chosen = neighbourhood();
  if (!chosen) return;
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 0.8;
  context.fillStyle = colour.ground;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.restore();
  const { edges, nodes } = network.body;
  const lines = chosen.edges.map((edge) => edges[edge.id]).filter(Boolean);
  for (const line of lines) line.draw(context);
  for (const line of lines) line.drawArrows(context);
  for (const id of chosen.ids) nodes[id]?.draw(context);
}
