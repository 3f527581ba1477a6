// Building elements without ever parsing HTML: whatever a feed or a bot says
// stays text.

// el makes an element. Attributes that are functions become listeners, `class`
// and `data-*` work as in HTML; null, undefined and false are left out.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, '');
    else node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

// fill replaces the children of a node.
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

// reconcile makes the children of a node those given, touching only what
// differs: a child that stays keeps its focus and its scroll position.
export function reconcile(node, children) {
  const wanted = new Set(children);
  for (const child of [...node.childNodes]) if (!wanted.has(child)) child.remove();
  let cursor = node.firstChild;
  for (const child of children) {
    if (child === cursor) cursor = cursor.nextSibling;
    else node.insertBefore(child, cursor);
  }
}

// icon makes a small line drawing from an SVG path in a 24 × 24 box.
export function icon(path, label) {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  if (label) {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
  } else svg.setAttribute('aria-hidden', 'true');
  const p = document.createElementNS(ns, 'path');
  p.setAttribute('d', path);
  svg.append(p);
  return svg;
}

export const icons = {
  hash: 'M5 9h15M4 15h15M10 4 8 20M16 4l-2 16',
  horn: 'M4 10v4h3l8 4V6L7 10H4zM18 9a4 4 0 0 1 0 6M8 14l1 6h3l-1-4.5',
  posts: 'M4 5h16v11H9l-5 4V5zM8 9h8M8 12h5',
  letter: 'M4 6h16v12H4zM4 7l8 6 8-6',
  menu: 'M4 7h16M4 12h16M4 17h16',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  thread: 'M6 4v8a4 4 0 0 0 4 4h9M15 12l4 4-4 4',
  open: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  down: 'M6 9l6 6 6-6',
  send: 'M4 12l16-8-6 16-3-7-7-1z',
  close: 'M6 6l12 12M18 6L6 18',
  reply: 'M5 18v-5a4 4 0 0 1 4-4h10M15 5l4 4-4 4',
};

// menu places a popup of choices beside an anchor and calls pick with the
// chosen one; it closes on Escape, on a click elsewhere and when focus leaves.
export function menu(anchor, label, items, pick) {
  const list = el('div', { class: 'menu', role: 'menu', 'aria-label': label });
  const close = (refocus) => {
    list.remove();
    document.removeEventListener('pointerdown', outside, true);
    anchor.setAttribute('aria-expanded', 'false');
    if (refocus) anchor.focus();
  };
  const outside = (event) => {
    if (!list.contains(event.target)) close(false);
  };
  for (const item of items) {
    list.append(el('button', {
      type: 'button', role: 'menuitem',
      click: () => {
        close(true);
        pick(item);
      },
    }, item.label));
  }
  list.addEventListener('keydown', (event) => {
    const buttons = [...list.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement);
    if (event.key === 'Escape') close(true);
    else if (event.key === 'ArrowDown') buttons[(at + 1) % buttons.length].focus();
    else if (event.key === 'ArrowUp') buttons[(at + buttons.length - 1) % buttons.length].focus();
    else return;
    event.preventDefault();
  });
  anchor.setAttribute('aria-expanded', 'true');
  anchor.parentElement.append(list);
  document.addEventListener('pointerdown', outside, true);
  list.querySelector('button')?.focus();
}
