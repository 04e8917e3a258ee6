// The network of vis: which nodes and edges it has, and what is dimmed around a selection.
const drawnNode = (node) => ({
  id: node.id, x: node.x, y: node.y, size: node.size, shape: node.shape, color: nodeColour(node),
});

function drawnEdge(edge) {
  const drawn = { id: edge.id, from: edge.from, to: edge.to, width: edge.width, color: edgeColour(edge) };
  drawn.arrows = arrowsOf(edge, data.small ? 0.6 : 0.3);
  if (data.small && edge.kind === 'related') drawn.dashes = [6, 5];
  if (edge.curve) drawn.smooth = { enabled: true, type: 'curvedCW', roundness: edge.curve };
  drawn.chosen = { edge: (values, id, selected) => standOut(values, edge, selected) };
  return drawn;
}

function arrowsOf(edge, scaleFactor) {
  const head = { enabled: edge.kind !== 'related', scaleFactor };
  return { to: head, from: edge.both ? head : { enabled: false } };
}

function standOut(values, edge, selected) {
  values.color = colour.kinds[edge.kind].strong + (data.small ? '' : 'b8');
  values.width += selected ? 0.8 : 0.4;
  if (values.toArrow) values.toArrowScale = 0.6;
  if (values.fromArrow) values.fromArrowScale = 0.6;
}

function edgeVisible(edge) {
  if (state.hiddenKinds.has(edge.kind)) return false;
  if (!nodeVisible(nodeOf.get(edge.from)) || !nodeVisible(nodeOf.get(edge.to))) return false;
  return edge.id < state.shown || edge.from === state.selected || edge.to === state.selected;
}

const nodeSet = new vis.DataSet(data.nodes.map(drawnNode));
const edgeSet = new vis.DataSet(data.edges.map(drawnEdge));
const nodeView = new vis.DataView(nodeSet, { filter: (item) => nodeVisible(nodeOf.get(item.id)) });
const edgeView = new vis.DataView(edgeSet, { filter: (item) => edgeVisible(data.edges[item.id]) });
const network = new vis.Network(byId('graph'), { nodes: nodeView, edges: edgeView }, data.options);

function refresh() {
  nodeView.refresh();
  edgeView.refresh();
  network.redraw();
}

function repaint() {
  colour = readColours();
  nodeSet.update(data.nodes.map((node) => ({ id: node.id, color: nodeColour(node) })));
  edgeSet.update(data.edges.map((edge) => ({ id: edge.id, color: edgeColour(edge) })));
}

// A node and its visible neighbours, or null when nothing is selected.
function neighbourhood() {
  if (state.selected === null) return null;
  const edges = edgesOf.get(state.selected).filter(edgeVisible);
  return { edges, ids: new Set([state.selected, ...edges.map((edge) => otherEnd(edge, state.selected))]) };
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
