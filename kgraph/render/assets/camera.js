// Which part of the drawing is seen. The panels float above the canvas and are kept clear.
let fitted = 1;

function clearBox() {
  const box = { left: 12, top: 12, right: window.innerWidth - 12, bottom: window.innerHeight - 12 };
  const panel = byId('panel').getBoundingClientRect();
  const card = byId('card').hidden ? null : byId('card').getBoundingClientRect();
  if (narrow.matches) {
    if (!byId('legend').open) box.top = panel.bottom + 8;
    box.bottom = card ? card.top - 8 : box.bottom - 44;
  } else {
    box.left = panel.right + 16;
    box.right = card ? card.left - 16 : box.right - 40;
  }
  return box;
}

// Moves the view. vis-network ends a running movement when the next begins, unless not one frame of
// it was drawn: then both would run for ever. So a movement counts as under way from its start.
function glide(move, duration) {
  const smooth = duration > 0 && !calm.matches;
  network.moveTo({ ...move, animation: smooth ? { duration, easingFunction: 'easeInOutQuad' } : false });
  if (smooth) network.view.easingTime ||= 1e-9;
}

function moveTo(position, scale, animated) {
  const box = clearBox();
  const offset = {
    x: (box.left + box.right - window.innerWidth) / 2,
    y: (box.top + box.bottom - window.innerHeight) / 2,
  };
  glide({ position, scale, offset }, animated ? 420 : 0);
}

function fit(animated, nodes = data.nodes.filter(nodeVisible)) {
  if (!nodes.length) return;
  const margin = data.small ? 24 : 14;
  const left = Math.min(...nodes.map((node) => node.x - node.size)) - margin - (data.small ? 40 : 0);
  const right = Math.max(...nodes.map((node) => node.x + node.size)) + margin + (data.small ? 40 : 0);
  const top = Math.min(...nodes.map((node) => node.y - node.size)) - margin;
  const bottom = Math.max(...nodes.map((node) => node.y + node.size)) + margin + (data.small ? 24 : 0);
  const box = clearBox();
  const scale = Math.min((box.right - box.left) / (right - left), (box.bottom - box.top) / (bottom - top), 1.5);
  fitted = Math.max(scale, 0.02);
  moveTo({ x: (left + right) / 2, y: (top + bottom) / 2 }, fitted, animated);
}

const bounded = (scale) => Math.min(Math.max(scale, fitted * 0.4), Math.max(fitted * 1.5, 3));

// Keeps the wheel and the fingers between far too small and far too large.
network.on('zoom', ({ scale, pointer }) => {
  if (bounded(scale) === scale) return;
  const before = network.DOMtoCanvas(pointer);
  const view = network.getViewPosition();
  const share = 1 - scale / bounded(scale);
  const position = { x: view.x + (before.x - view.x) * share, y: view.y + (before.y - view.y) * share };
  glide({ position, scale: bounded(scale) }, 0);
});

function zoomBy(factor) {
  const { easingTime, targetScale } = network.view;
  glide({ scale: bounded((easingTime ? targetScale : network.getScale()) * factor) }, 180);
}

function goTo(id) {
  const { x, y } = network.getPosition(id);
  moveTo({ x, y }, data.small ? network.getScale() : Math.max(network.getScale(), 0.9), true);
}

// Moves the view only when the node is under a panel or outside of the window.
function reveal(id) {
  const box = clearBox();
  const { x, y } = network.canvasToDOM(network.getPosition(id));
  if (x < box.left || x > box.right || y < box.top || y > box.bottom) {
    moveTo(network.getPosition(id), network.getScale(), true);
  }
}
