// Colours come from the style sheet, so that light and dark are decided in one place.
const dark = window.matchMedia('(prefers-color-scheme: dark)');
let colour = readColours();

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  const alpha = data.small ? 'b8' : data.edges.length > 1000 ? '3d' : data.edges.length > 300 ? '52' : '80';
  const kinds = {};
  for (const kind of Object.keys(KINDS)) {
    const strong = read(`kind-${kind}`);
    const faint = ['added', 'removed'].includes(kind) ? 'd0' : data.small && kind !== 'relation' ? '90' : alpha;
    kinds[kind] = { strong, faint: strong + (kind === 'relation' && !data.small ? '66' : faint) };
  }
  const slots = Array.from({ length: 13 }, (_, slot) => read(`type-${slot}`));
  const tints = Array.from({ length: 8 }, (_, place) => read(`tint-${place}`));
  return { tints, ground: read('ground'), ink: read('ink'), soft: read('soft'), accent: read('accent'), kinds, slots };
}

const CHANGE_KINDS = { added: 'added', removed: 'removed', changed: 'link' };
const nodeColour = (node) => {
  const background = colour.slots[typeOf.get(node.group).slot];
  const border = node.change ? colour.kinds[CHANGE_KINDS[node.change]].strong : node.id === data.focus ? colour.ink : colour.ground;
  const chosen = { background, border: colour.ink };
  return { background, border, highlight: chosen, hover: chosen };
};

// What a picture is about stands out: of other edges half as much is seen.
const aside = (edge) => data.focus !== null && !data.lanes && edge.from !== data.focus && edge.to !== data.focus;

const edgeColour = (edge) => {
  const { faint, strong } = colour.kinds[edge.kind];
  return { color: aside(edge) ? strong + '42' : faint, inherit: false, opacity: 1 };
};
