// Everything the pointer does, without one.
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The nearest visible node in a direction; one that is connected counts as twice as near.
function nextNode(direction) {
  if (state.selected === null) return data.focus ?? ranked.find(nodeVisible)?.id ?? null;
  const from = nodeOf.get(state.selected);
  const near = neighbourhood().ids;
  let best = null;
  let least = Infinity;
  for (const node of data.nodes) {
    if (node === from || !nodeVisible(node)) continue;
    const [dx, dy] = [node.x - from.x, node.y - from.y];
    const ahead = dx * direction[0] + dy * direction[1];
    const aside = Math.abs(dx * direction[1] + dy * direction[0]);
    if (ahead <= 0 || aside > ahead) continue;
    const cost = (ahead + 2 * aside) * (near.has(node.id) ? 0.5 : 1);
    if (cost < least) [best, least] = [node.id, cost];
  }
  return best;
}

function graphKeys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (ARROWS[event.key]) {
    const id = nextNode(ARROWS[event.key]);
    if (id !== null) select(id);
  } else if (event.key === 'Enter' && state.selected !== null) openPage(state.selected);
  else if (event.key === '+' || event.key === '=') zoomBy(1.4);
  else if (event.key === '-') zoomBy(1 / 1.4);
  else if (event.key === '0') fit(true);
  else return;
  event.preventDefault();
}

byId('graph').addEventListener('keydown', graphKeys);
document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof Element && event.target.closest('input');
  if (event.key === 'Escape') clearSelection();
  else if (event.key === '/' && !typing) {
    event.preventDefault();
    byId('search').focus();
  }
});
