// What is under the pointer, in a few lines.
function showTip(at, ...parts) {
  const tip = byId('tip');
  tip.replaceChildren(...parts.filter(Boolean));
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const left = at.x + 16 + width > window.innerWidth - 8 ? at.x - 16 - width : at.x + 16;
  const top = Math.min(Math.max(at.y + 14, 8), window.innerHeight - height - 8);
  tip.style.left = `${Math.max(left, 8)}px`;
  tip.style.top = `${top}px`;
}

function hideTip() {
  byId('tip').hidden = true;
}

const shortened = (text, most) => (text.length > most ? text.slice(0, most - 1).trimEnd() + '…' : text);

function tipForNode(node, at) {
  const reasons = node.related.map((line) => element('li', {}, line));
  showTip(
    at,
    element('strong', {}, node.label),
    element('span', { class: 'kind' }, swatch(node), typeOf.get(node.group).label),
    node.summary && element('p', {}, shortened(node.summary, 240)),
    reasons.length && element('ul', {}, ...reasons),
    linkOf(node) && element('p', { class: 'hint' }, 'Click for details, double-click to open'),
  );
}

function tipForEdge(edge, at) {
  const arrow = edge.kind === 'related' || edge.both ? ' ↔ ' : ' → ';
  showTip(
    at,
    element('strong', {}, nodeOf.get(edge.from).label + arrow + nodeOf.get(edge.to).label),
    element(
      'span',
      { class: 'kind' },
      element('span', { class: `swatch line ${edge.kind}` }),
      edge.name ?? { relation: 'relation', link: 'link', related: 'related', added: 'added', removed: 'removed' }[edge.kind],
      data.groups ? null : element('span', { class: 'strength' }, `strength ${edge.weight.toFixed(2)}`),
    ),
    edge.reasons && element('ul', {}, ...edge.reasons.map((reason) => element('li', {}, reason))),
  );
}

// Among thousands of edges something is always under the pointer: then only those that stand out tell.
function edgeTells(edge) {
  if (edge.from === state.selected || edge.to === state.selected) return true;
  return state.selected === null && (data.small || network.getScale() > 1);
}

network.on('hoverNode', ({ node, pointer }) => {
  state.hovered = node;
  byId('graph').classList.add('pointing');
  tipForNode(nodeOf.get(node), pointer.DOM);
});
network.on('blurNode', () => {
  state.hovered = null;
  byId('graph').classList.remove('pointing');
  hideTip();
});
network.on('hoverEdge', ({ edge, pointer }) => {
  if (edgeTells(data.edges[edge])) tipForEdge(data.edges[edge], pointer.DOM);
});
network.on('blurEdge', () => { if (state.hovered === null) hideTip(); });
network.on('dragStart', hideTip);
network.on('zoom', hideTip);
byId('graph').addEventListener('mouseleave', hideTip);
