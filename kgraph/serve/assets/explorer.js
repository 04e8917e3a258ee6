// What the pages do besides: names to choose from while one types, "/" to search, word of a new build. All works without it.
'use strict';

const root = document.body.dataset.root || '';

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// -- names to choose from: a combobox after the ARIA Authoring Practices ---------------------------

let boxes = 0;

function suggest(input) {
  const list = element('ul', { role: 'listbox', id: `names-${++boxes}`, class: 'names', 'aria-label': 'Names' });
  list.hidden = true;
  const place = element('div', { class: 'suggesting' });
  input.replaceWith(place);
  place.append(input, list);
  for (const [key, value] of Object.entries({
    role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id,
  })) input.setAttribute(key, value);
  let chosen = -1;
  let waiting = 0;
  let asked = 0;

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  function choose(index) {
    const options = [...list.children];
    if (!options.length) return;
    chosen = (index + options.length) % options.length;
    options.forEach((option, number) => option.setAttribute('aria-selected', String(number === chosen)));
    input.setAttribute('aria-activedescendant', options[chosen].id);
    options[chosen].scrollIntoView({ block: 'nearest' });
  }

  function take(option) {
    close();
    if (input.name === 'q') location.assign(root + option.dataset.url);
    else input.value = option.dataset.title;
  }

  function show(items) {
    list.replaceChildren(...items.map((item, number) => {
      const option = element('li', { role: 'option', id: `${list.id}-${number}`, 'aria-selected': 'false' },
        item.title, element('small', {}, item.label));
      option.dataset.url = item.url;
      option.dataset.title = item.title;
      option.addEventListener('mousedown', (event) => { event.preventDefault(); take(option); });
      return option;
    }));
    list.hidden = !items.length;
    chosen = -1;
    input.setAttribute('aria-expanded', String(items.length > 0));
    input.removeAttribute('aria-activedescendant');
  }

  async function ask() {
    const words = input.value.trim();
    const number = ++asked;
    if (!words) return close();
    const answer = await fetch(`${root}/api/suggest?q=${encodeURIComponent(words.slice(0, 200))}`).catch(() => null);
    if (answer?.ok && number === asked && document.activeElement === input) show((await answer.json()).items);
  }

  input.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(ask, 120); });
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    if (event.key === 'ArrowDown') choose(chosen + 1);
    else if (event.key === 'ArrowUp') choose(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && chosen >= 0) take(list.children[chosen]);
    else return;
    if (event.key !== 'Enter' || input.name) event.preventDefault();
  });
}

document.querySelectorAll('input[type="search"], input[data-suggest]').forEach(suggest);

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || typing) return;
  event.preventDefault();
  document.querySelector('[role="search"] input')?.focus();
});

// -- word of a new build ---------------------------------------------------------------------------

const EVERY = 20_000;
const build = document.body.dataset.build;

async function look() {
  if (document.hidden) return;
  const answer = await fetch(`${root}/api/build`).catch(() => null);
  if (!answer?.ok || (await answer.json()).build === build) return;
  clearInterval(looking);
  const again = element('a', { href: location.href }, 'Load this page anew');
  document.getElementById('notice').replaceChildren(element('p', {}, 'The wiki was built anew since this page was made. ', again, ' · ',
    element('a', { href: `${root}/changes` }, 'See what changed')));
}

const looking = build ? setInterval(look, EVERY) : 0;
if (build) document.addEventListener('visibilitychange', look);
