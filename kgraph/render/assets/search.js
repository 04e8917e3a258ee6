// Search by title: a combobox whose suggestions lead to the node.
const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const titles = ranked.map((node) => ({ node, text: plain(node.label) }));
byId('search-box').append(element('ul', { id: 'found', role: 'listbox', 'aria-label': 'Suggestions', hidden: '' }));
for (const [name, value] of Object.entries({
  role: 'combobox', 'aria-controls': 'found', 'aria-expanded': 'false', 'aria-autocomplete': 'list',
})) byId('search').setAttribute(name, value);
let suggestions = [];
let active = -1;

function matches(query) {
  const wanted = plain(query.trim());
  if (!wanted) return [];
  const places = titles.map(({ node, text }) => ({ node, text, at: text.indexOf(wanted) })).filter(({ at }) => at >= 0);
  const grade = ({ text, at }) => (text === wanted ? 0 : at === 0 ? 1 : text[at - 1] === ' ' ? 2 : 3);
  return places.sort((a, b) => grade(a) - grade(b)).slice(0, 8).map(({ node }) => node);
}

function showSuggestions() {
  const input = byId('search');
  suggestions = matches(input.value);
  active = suggestions.length ? 0 : -1;
  const items = suggestions.map((node, index) => {
    // Taken on press, before the field loses the focus.
    const take = (event) => { event.preventDefault(); choose(index); };
    const id = `found-${index}`;
    return element('li', { role: 'option', id, onmousedown: take }, swatch(node), element('span', {}, node.label));
  });
  const none = element('li', { class: 'none', role: 'option', 'aria-disabled': 'true' }, 'No node has this title');
  byId('found').replaceChildren(...(items.length ? items : [none]));
  openSuggestions(Boolean(input.value.trim()));
  markActive();
}

function openSuggestions(open) {
  byId('found').hidden = !open;
  byId('search').setAttribute('aria-expanded', String(open));
  if (!open) byId('search').removeAttribute('aria-activedescendant');
}

function markActive() {
  suggestions.forEach((_, index) => {
    const item = byId(`found-${index}`);
    item.setAttribute('aria-selected', String(index === active));
    if (index === active) item.scrollIntoView({ block: 'nearest' });
  });
  if (active >= 0) byId('search').setAttribute('aria-activedescendant', `found-${active}`);
}

function choose(index) {
  const node = suggestions[index];
  if (!node) return;
  byId('search').value = node.label;
  openSuggestions(false);
  if (narrow.matches) byId('search').blur();
  select(node.id, { travel: true });
}

function searchKeys(event) {
  const open = !byId('found').hidden;
  if (event.key === 'Enter') {
    if (!open) showSuggestions();
    choose(active);
  } else if (event.key === 'Escape') {
    if (open) openSuggestions(false);
    else byId('search').value = '';
    event.stopPropagation();
  } else if (open && suggestions.length && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    active = (active + (event.key === 'ArrowDown' ? 1 : -1) + suggestions.length) % suggestions.length;
    markActive();
  } else return;
  event.preventDefault();
}

byId('search').addEventListener('input', showSuggestions);
byId('search').addEventListener('keydown', searchKeys);
byId('search').addEventListener('blur', () => openSuggestions(false));
