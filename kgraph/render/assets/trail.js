// The walk so far: nodes in the order they were selected, each a way back.
const MOST_STEPS = 7;
const walk = [];

function walkTo(id) {
  const before = walk.indexOf(id);
  if (before >= 0) walk.length = before + 1;
  else walk.push(id);
  markTrail();
}

function markTrail() {
  const from = Math.max(0, walk.length - MOST_STEPS);
  const items = walk.slice(from).map((id) => {
    const back = () => select(id, { travel: true });
    const button = element('button', { type: 'button', class: 'plain', onclick: back }, shortened(nodeOf.get(id).label, 28));
    if (id === state.selected) button.setAttribute('aria-current', 'true');
    return element('li', {}, button);
  });
  if (from) items.unshift(element('li', {}, '…'));
  byId('trail').querySelector('ol').replaceChildren(...items);
  byId('trail').hidden = walk.length < 2;
  const list = byId('trail').querySelector('ol');
  list.scrollLeft = list.scrollWidth;
}
