// What the page shows. `graph-data` holds
//   nodes: {id, label, x, y, size, sizes?, shape, group, importance, summary, href, related, community, change?}
//   edges: {from, to, kind, weight, width, name?, inverse?, reasons?, both?, under?, curve?}, the most telling first
//   types: {key, label, count, slot, shape}; slot is the entry of the palette
//   measures: what `sizes` tell, in their order; communities: {key, label, count}; groups: nodes are groups of entities
//   options: of vis-network; small: few nodes; shown: edges shown at first; focus: node id or null; lanes: paths lie side by side
// All texts are untrusted: they reach the document as text, never as markup.
const data = JSON.parse(document.getElementById('graph-data').textContent);
const nodeOf = new Map(data.nodes.map((node) => [node.id, node]));
const typeOf = new Map(data.types.map((type) => [type.key, type]));
const edgesOf = new Map(data.nodes.map((node) => [node.id, []]));
data.edges.forEach((edge, index) => {
  edge.id = index;
  edgesOf.get(edge.from).push(edge);
  edgesOf.get(edge.to).push(edge);
});

const KINDS = { relation: 'Relations', link: 'Links', related: 'Related', added: 'Added', removed: 'Removed' };
const CHANGES = { added: '+ ', removed: '− ', changed: '± ' };
const state = {
  hiddenTypes: new Set(),
  hiddenKinds: new Set(),
  hiddenCommunities: new Set(),
  shaded: data.communities.length > 0 && data.focus === null,
  shown: data.shown,
  steps: 1,
  around: false, // whether the steps are counted from the focus while nothing is selected
  selected: null,
  hovered: null,
};

// On an upright screen a wide drawing is laid on its side.
const extent = (axis) => Math.max(...data.nodes.map((node) => node[axis])) - Math.min(...data.nodes.map((node) => node[axis]));
if (window.innerHeight > window.innerWidth * 1.15 && extent('x') > extent('y') * 1.2) {
  for (const node of data.nodes) [node.x, node.y] = [node.y, node.x];
}

const MOST_COMMUNITIES = 12; // that the legend names
const byId = (id) => document.getElementById(id);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'class') made.className = value;
    else if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

function swatch({ group }) {
  const { slot, shape } = typeOf.get(group);
  return element('span', { class: `swatch ${shape} type-${slot}`, 'aria-hidden': 'true' });
}

// Within a notebook the page has no address of its own: links open beside it, and only those that say where they lead.
const addressable = location.protocol !== 'about:';

// The page checked the address when it was made; this is the second lock on the same door.
function linkOf(node) {
  if (!node.href || (!addressable && !/^https?:/i.test(node.href))) return null;
  try {
    const { protocol } = new URL(node.href, document.baseURI);
    return ['http:', 'https:', location.protocol].includes(protocol) ? node.href : null;
  } catch {
    return null;
  }
}

const otherEnd = (edge, id) => (edge.from === id ? edge.to : edge.from);
const nodeVisible = (node) => !state.hiddenTypes.has(node.group) && !state.hiddenCommunities.has(node.community);
const byImportance = (a, b) => b.importance - a.importance || (a.id < b.id ? -1 : 1);
const calm = window.matchMedia('(prefers-reduced-motion: reduce)');
const narrow = window.matchMedia('(max-width: 720px)');
