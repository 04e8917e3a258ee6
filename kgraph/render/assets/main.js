// Puts it together and draws for the first time.
byId('legend').open = !narrow.matches;
byId('empty').hidden = data.nodes.length > 0;
typeEntries();
kindEntries();
communityEntries();
sizeChoice();
strengthSlider();
stepsSlider();
tellCounts();

network.on('beforeDrawing', shadeCommunities);
network.on('afterDrawing', (context) => {
  dimOthers(context);
  paintLabels(context);
  if (!document.documentElement.dataset.drawn) {
    document.documentElement.dataset.drawn = String(Math.round(performance.now()));
  }
});
network.on('click', ({ nodes }) => {
  if (nodes.length) select(nodes[0]);
  else clearSelection();
});
network.on('doubleClick', ({ nodes }) => { if (nodes.length) openPage(nodes[0]); });
network.on('dragStart', () => { dragged = true; });
network.on('dragEnd', ({ nodes }) => {
  dragged = false;
  for (const id of nodes) Object.assign(nodeOf.get(id), network.getPosition(id));
  if (state.selected === null) network.unselectAll();
  else network.selectNodes([state.selected], true);
});

byId('zoom-in').addEventListener('click', () => zoomBy(1.4));
byId('zoom-out').addEventListener('click', () => zoomBy(1 / 1.4));
byId('zoom-fit').addEventListener('click', () => fit(true));
byId('save-png').addEventListener('click', savePng);
byId('save-svg').addEventListener('click', saveSvg);
byId('list').addEventListener('toggle', fillList);
dark.addEventListener('change', repaint);
window.addEventListener('resize', () => requestAnimationFrame(() => fit(false)));

const selectFromAddress = () => {
  let id = null;
  try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
  if (id !== state.selected && nodeOf.has(id)) select(id, { travel: true });
};
window.addEventListener('hashchange', selectFromAddress);

// For scripts that drive the page: where nodes and labels are on the screen, and what is shown.
window.kgraph = Object.freeze({
  select,
  clear: clearSelection,
  leading: () => ranked[0]?.id ?? null,
  position: (id) => ({ ...network.canvasToDOM(network.getPosition(id)), radius: nodeOf.get(id).size * network.getScale() }),
  labels: () => texts.map(({ lines, spot }) => ({ text: lines.join(' '), ...spot })),
  shown: () => ({
    nodes: nodeView.length, edges: edgeView.length, selected: state.selected, near: neighbourhood()?.ids.size ?? null,
  }),
});

let settling = 0;
const settled = () => { clearTimeout(settling); settling = setTimeout(showNearby, 250); };
for (const event of ['zoom', 'dragEnd', 'animationFinished']) network.on(event, settled);

fit(false);
selectFromAddress();
