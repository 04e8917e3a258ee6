// The legend names colours and counts, and its entries switch types and kinds of edges on and off.
function entry(name, count, mark, toggle) {
  const box = element('input', { type: 'checkbox', onchange: () => toggle(box.checked) });
  box.checked = true;
  const number = element('span', { class: 'number' }, count.toLocaleString('en'));
  return element('label', { class: 'entry' }, box, mark, element('span', { class: 'name' }, name), number);
}

function showType(key, shown) {
  if (shown) state.hiddenTypes.delete(key);
  else state.hiddenTypes.add(key);
  const index = data.types.findIndex((type) => type.key === key);
  byId('types').querySelectorAll('input')[index].checked = shown;
  afterFilter();
}

function showAllTypes(shown) {
  state.hiddenTypes = new Set(shown ? [] : data.types.map((type) => type.key));
  for (const box of byId('types').querySelectorAll('input')) box.checked = shown;
  afterFilter();
}

function afterFilter() {
  if (state.selected !== null && !nodeVisible(nodeOf.get(state.selected))) clearSelection();
  state.hovered = null;
  refresh();
  if (state.selected !== null) network.selectNodes([state.selected], true);
}

function typeEntries() {
  const all = { type: 'button', class: 'plain', onclick: () => showAllTypes(state.hiddenTypes.size > 0) };
  byId('types').querySelector('legend').append(element('button', all, 'all / none'));
  for (const type of data.types) {
    const sample = data.nodes.find((node) => node.group === type.key);
    byId('types').append(entry(type.label, type.count, swatch(sample), (shown) => showType(type.key, shown)));
  }
}

function kindEntries() {
  for (const [kind, name] of Object.entries(KINDS)) {
    const count = data.edges.reduce((sum, edge) => sum + (edge.kind !== kind ? 0 : edge.both ? 2 : 1), 0);
    if (!count) continue;
    const toggle = (shown) => {
      if (shown) state.hiddenKinds.delete(kind);
      else state.hiddenKinds.add(kind);
      afterFilter();
    };
    const mark = element('span', { class: `swatch line ${kind}`, 'aria-hidden': 'true' });
    byId('kinds').append(entry(name, count, mark, toggle));
  }
  byId('kinds').hidden = !data.edges.length;
}

function strengthSlider() {
  if (data.shown === data.edges.length) return;
  const slider = byId('strength');
  const value = byId('strength-value');
  slider.value = String(Math.max(1, Math.round((100 * data.shown) / data.edges.length)));
  value.textContent = `${slider.value} %`;
  slider.addEventListener('input', () => { value.textContent = `${slider.value} %`; });
  slider.addEventListener('change', () => {
    state.shown = Math.ceil((data.edges.length * Number(slider.value)) / 100);
    afterFilter();
  });
  byId('strength-box').hidden = false;
}

function fillList() {
  const body = byId('list-body');
  if (body.firstChild) return;
  const head = ['Title', 'Type', 'Edges', 'Page'].map((name) => element('th', { scope: 'col' }, name));
  const rows = [...data.nodes].sort((a, b) => a.label.localeCompare(b.label)).map((node) => {
    const go = () => { byId('list').open = false; select(node.id, { travel: true }); };
    const link = linkOf(node);
    return element(
      'tr',
      {},
      element('td', {}, element('button', { type: 'button', class: 'plain', onclick: go }, node.label)),
      element('td', {}, typeOf.get(node.group).label),
      element('td', {}, String(edgesOf.get(node.id).length)),
      element('td', {}, link ? element('a', { href: link, 'aria-label': `Open ${node.label}` }, 'Open →') : null),
    );
  });
  body.append(element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows)));
}
