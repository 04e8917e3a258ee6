// The legend names colours and counts, and its entries switch types and kinds of edges on and off.
function entry(name, count, mark, toggle) {
  const box = element('input', { type: 'checkbox', onchange: () => toggle(box.checked) });
  box.checked = true;
  const number = data.groups ? null : element('span', { class: 'number' }, count.toLocaleString('en'));
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
  for (const [kind, name] of Object.entries({ ...KINDS, ...(data.groups ? { link: 'Links and relations' } : {}) })) {
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

// Communities go by their leading member; one that is switched off is out of the drawing.
function communityEntries() {
  if (!data.communities.length) return;
  const shade = element('input', { type: 'checkbox', onchange: () => { state.shaded = shade.checked; network.redraw(); } });
  shade.checked = state.shaded;
  byId('communities').append(element('label', { class: 'entry' }, shade, element('span', { class: 'name' }, 'Shade them')));
  data.communities.slice(0, MOST_COMMUNITIES).forEach(({ key, label, count }, place) => {
    const toggle = (shown) => {
      if (shown) state.hiddenCommunities.delete(key);
      else state.hiddenCommunities.add(key);
      afterFilter();
    };
    const mark = element('span', { class: `swatch tint tint-${place % 8}`, 'aria-hidden': 'true' });
    byId('communities').append(entry(label || `Community ${key}`, count, mark, toggle));
  });
  byId('communities').hidden = false;
}

function sizeChoice() {
  if (data.measures.length < 2) return;
  const choice = byId('size');
  choice.append(...data.measures.map((name, place) => element('option', { value: place }, name)));
  choice.addEventListener('change', () => {
    for (const node of data.nodes) node.size = node.sizes[Number(choice.value)];
    nodeSet.update(data.nodes.map(({ id, size }) => ({ id, size })));
    refresh();
  });
  byId('size-box').hidden = false;
}

// How far the neighbourhood of the selected node reaches; in a picture about one node also without a selection.
function stepsSlider() {
  if (data.edges.length < 3) return;
  const slider = byId('steps');
  slider.addEventListener('input', () => {
    state.steps = Number(slider.value);
    state.around = data.focus !== null;
    byId('steps-value').textContent = slider.value;
    network.redraw();
  });
  byId('steps-box').hidden = false;
}

function strengthSlider() {
  if (data.edges.length < 10) return;
  const slider = byId('strength');
  const value = byId('strength-value');
  slider.value = String(Math.max(1, Math.round((100 * data.shown) / data.edges.length)));
  value.textContent = `${slider.value} %`;
  slider.addEventListener('input', () => { value.textContent = `${slider.value} %`; });
  slider.addEventListener('change', () => {
    state.shown = Math.ceil((data.edges.length * Number(slider.value)) / 100);
    nearby = new Set();
    afterFilter();
  });
  byId('strength-box').hidden = false;
}

function fillList() {
  const body = byId('list-body');
  if (body.firstChild) return;
  const rows = [...data.nodes].sort((a, b) => a.label.localeCompare(b.label)).map((node) => {
    const go = () => { byId('list').open = false; select(node.id, { travel: true }); };
    const link = linkOf(node);
    return element(
      'tr',
      {},
      element('td', {}, element('button', { type: 'button', class: 'plain', onclick: go }, node.label)),
      element('td', {}, typeOf.get(node.group).label),
      element('td', {}, String(edgesOf.get(node.id).length)),
      element('td', {}, node.importance.toFixed(3)),
      element('td', {}, link ? element('a', { href: link, 'aria-label': `Open ${node.label}` }, 'Open →') : null),
    );
  });
  const places = element('tbody', {}, ...rows);
  const heads = ['Title', 'Type', 'Edges', data.measures[0], 'Page'].map((name, column) => columnHead(name, column, places));
  heads[0].setAttribute('aria-sort', 'ascending');
  const caption = element('caption', { class: 'unseen' }, 'Nodes of the graph');
  body.append(element('table', {}, caption, element('thead', {}, element('tr', {}, ...heads)), places));
}

function columnHead(name, column, places) {
  if (name === 'Page') return element('th', { scope: 'col' }, name);
  const numbers = column > 1;
  const order = () => {
    const turned = head.getAttribute('aria-sort') === (numbers ? 'descending' : 'ascending') ? -1 : 1;
    const text = (row) => row.cells[column].textContent;
    const compare = numbers ? (a, b) => text(b) - text(a) : (a, b) => text(a).localeCompare(text(b));
    places.replaceChildren(...[...places.rows].sort((a, b) => turned * compare(a, b)));
    for (const other of head.parentNode.cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', (turned === 1) === numbers ? 'descending' : 'ascending');
  };
  const head = element('th', { scope: 'col' }, element('button', { type: 'button', class: 'plain', onclick: order }, name));
  return head;
}
