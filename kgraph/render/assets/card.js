// Selecting a node: its neighbourhood stands out, and a card tells what it is and where it leads.
const MOST = 40;

function select(id, { travel = false } = {}) {
  const node = nodeOf.get(id);
  if (!node) return;
  if (!nodeVisible(node)) showType(node.group, true);
  state.selected = id;
  hideTip();
  edgeView.refresh();
  network.selectNodes([id], true);
  fillCard(node);
  byId('status').textContent = `${node.label} selected, ${edgesOf.get(id).length} edges`;
  remember(`#${encodeURIComponent(id)}`);
  walkTo(id);
  if (travel) goTo(id);
  else settleAfterClick(id);
}

// The second click of a double click must find the node where the first one did: until then
// nothing moves, and the card lets clicks through.
function settleAfterClick(id) {
  byId('card').classList.add('fresh');
  setTimeout(() => {
    byId('card').classList.remove('fresh');
    if (state.selected === id) reveal(id);
  }, 400);
}

function clearSelection() {
  if (state.selected === null) return;
  state.selected = null;
  byId('card').hidden = true;
  network.unselectAll();
  edgeView.refresh();
  remember(location.pathname + location.search);
  markTrail();
  byId('status').textContent = 'Selection cleared';
}

function remember(address) {
  if (addressable) history.replaceState(null, '', address);
}

function openPage(id) {
  const link = nodeOf.has(id) ? linkOf(nodeOf.get(id)) : null;
  if (link && addressable) location.assign(link);
  else if (link) window.open(link, '_blank', 'noopener');
}

function fillCard(node) {
  const card = byId('card');
  const parts = [cardHeading(node), closeButton()];
  parts.push(element('p', { class: 'kind' }, swatch(node), typeOf.get(node.group).label));
  if (node.summary) parts.push(element('p', {}, node.summary));
  if (node.related.length) {
    parts.push(element('h3', {}, data.groups ? 'Leading members' : 'Most related'));
    parts.push(element('ul', {}, ...node.related.map((line) => element('li', {}, line))));
  }
  for (const kind of Object.keys(KINDS)) parts.push(...connections(node, kind));
  card.replaceChildren(...parts);
  card.hidden = false;
  card.scrollTop = 0;
}

function cardHeading(node) {
  const title = element('span', { class: 'title' }, node.label);
  const link = linkOf(node);
  if (!link) return element('h2', { id: 'card-title' }, title);
  const open = element('span', { class: 'open' }, 'Open page →');
  return element('h2', { id: 'card-title' }, element('a', { href: link, ...(addressable ? {} : { target: '_blank', rel: 'noopener' }) }, title, element('br'), open));
}

function closeButton() {
  const close = () => { clearSelection(); byId('graph').focus(); };
  return element('button', { type: 'button', id: 'close', 'aria-label': 'Close', onclick: close }, '×');
}

function connections(node, kind) {
  const edges = edgesOf.get(node.id).filter((edge) => edge.kind === kind).sort((a, b) => b.weight - a.weight);
  if (!edges.length) return [];
  const list = element('ul', {}, ...edges.slice(0, MOST).map((edge) => connection(node, edge)));
  if (edges.length > MOST) {
    const more = () => {
      list.lastChild.remove();
      list.append(...edges.slice(MOST).map((edge) => connection(node, edge)));
    };
    const button = element('button', { type: 'button', class: 'plain', onclick: more }, `${edges.length - MOST} more …`);
    list.append(element('li', {}, button));
  }
  return [element('h3', {}, `${data.groups ? 'Links and relations' : KINDS[kind]} (${edges.length.toLocaleString('en')})`), list];
}

function connection(node, edge) {
  const other = nodeOf.get(otherEnd(edge, node.id));
  const go = () => select(other.id, { travel: true });
  const button = element('button', { type: 'button', class: 'plain', onclick: go }, other.label);
  const how = howConnected(node, edge);
  return element('li', {}, swatch(other), ' ', how ? element('span', { class: 'how' }, how + ' ') : null, button);
}

// Read from the node: "→ mitigates" forwards, "← mitigated by" backwards.
function howConnected(node, edge) {
  if (edge.kind === 'related' || data.groups) return edge.name ?? '';
  if (edge.both) return '↔ ' + (edge.name ?? '');
  return edge.from === node.id ? `→ ${edge.name ?? ''}` : `← ${edge.inverse ?? edge.name ?? ''}`;
}
