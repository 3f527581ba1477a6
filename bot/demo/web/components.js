// Messages as elements: text, embeds, attachments and the components of both
// generations. Numbers of component types are Discord's, see
// https://docs.discord.com/developers/components/reference.

import { el, icon, icons } from './dom.js';
import { markdown, inline, link } from './text.js';

const ROW = 1, BUTTON = 2, SELECT = 3, INPUT = 4, SECTION = 9, TEXT = 10, THUMBNAIL = 11, GALLERY = 12, FILE = 13,
  SEPARATOR = 14, CONTAINER = 17, LABEL = 18;
const PICKERS = { 5: 'people', 6: 'roles', 7: 'people and roles', 8: 'channels' };

// EPHEMERAL is the flag of a message that one member sees.
export const EPHEMERAL = 64;

// body returns the nodes of a message's content. `view` offers names (see
// text.js), media(url) → url, options(kind) → [{label, value}] for pickers and
// act(component, values) → Promise.
export function body(message, view) {
  return [
    message.content && el('div', { class: 'text' }, markdown(message.content, view.names)),
    (message.attachments || []).map((file) => attachment(file, view)),
    (message.embeds || []).map((embed) => embedCard(embed, view)),
    (message.components || []).map((component) => render(component, view)),
  ];
}

function render(component, view) {
  switch (component.type) {
    case ROW: return el('div', { class: 'row' }, component.components.map((c) => render(c, view)));
    case BUTTON: return button(component, view);
    case SELECT: return select(component, component.options, view);
    case SECTION: return section(component, view);
    case TEXT: return el('div', { class: 'text' }, markdown(component.content, view.names));
    case THUMBNAIL: return thumbnail(component, view);
    case GALLERY: return gallery(component, view);
    case FILE: return attachment({ filename: component.name || 'file', url: component.file?.url }, view);
    case SEPARATOR: return separator(component);
    case CONTAINER: return container(component, view);
    default:
      if (PICKERS[component.type]) return select(component, view.options(PICKERS[component.type]), view);
      return el('p', { class: 'subtext' }, `A component of type ${component.type}, which this page cannot show.`);
  }
}

function container(component, view) {
  const node = el('div', { class: 'container' }, component.components.map((c) => render(c, view)));
  if (Number.isInteger(component.accent_color)) {
    node.classList.add('accented');
    node.style.setProperty('--bar', `#${component.accent_color.toString(16).padStart(6, '0')}`);
  }
  return component.spoiler ? veil(node) : node;
}

function section(component, view) {
  return el('div', { class: 'section' },
    el('div', { class: 'section-text' }, component.components.map((c) => render(c, view))),
    el('div', { class: 'accessory' }, render(component.accessory, view)));
}

function separator(component) {
  const size = component.spacing === 2 ? 'wide' : 'narrow';
  return component.divider === false ? el('div', { class: `gap ${size}` }) : el('hr', { class: size });
}

function picture(url, description, view) {
  const image = el('img', { src: view.media(url), alt: description || '', loading: 'lazy', decoding: 'async' });
  image.addEventListener('error', () => image.classList.add('broken'));
  return image;
}

function thumbnail(component, view) {
  const node = el('div', { class: 'thumbnail' }, picture(component.media.url, component.description, view));
  return component.spoiler ? veil(node) : node;
}

function gallery(component, view) {
  return el('div', { class: 'gallery' }, component.items.map((item) => {
    const node = el('figure', {}, picture(item.media.url, item.description, view));
    return item.spoiler ? veil(node) : node;
  }));
}

// veil hides a node until it is pressed.
function veil(node) {
  const cover = el('button', { type: 'button', class: 'veil', click: () => cover.replaceWith(node) }, 'Spoiler: press to see');
  return cover;
}

function attachment(file, view) {
  if ((file.content_type || '').startsWith('image/')) {
    return el('figure', { class: 'attachment' }, picture(file.url, file.description || file.filename, view));
  }
  const size = file.size ? ` · ${Math.max(1, Math.round(file.size / 1024))} KB` : '';
  return el('a', { class: 'file', href: view.media(file.url), download: file.filename }, `📄 ${file.filename}${size}`);
}

const styleNames = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger', 5: 'link' };

function emoji(value) {
  return value && el('span', { class: 'emoji', 'aria-hidden': value.name ? null : 'true' }, value.name || '▫');
}

function button(component, view) {
  const content = [emoji(component.emoji), component.label && el('span', {}, component.label)];
  const name = `button ${styleNames[component.style] || 'secondary'}`;
  if (component.style === 5) {
    const node = link(component.url, [content, icon(icons.open)]);
    node.className = name;
    return node;
  }
  const node = el('button', {
    type: 'button', class: name, disabled: component.disabled, 'data-custom-id': component.custom_id,
    'aria-label': component.label ? null : component.emoji?.name,
    click: () => busy(node, view.act(component)),
  }, content);
  return node;
}

// busy marks a control while its act is under way.
async function busy(node, promise) {
  node.classList.add('busy');
  node.setAttribute('aria-busy', 'true');
  try {
    await promise;
  } finally {
    node.classList.remove('busy');
    node.removeAttribute('aria-busy');
  }
}

// select is a button that opens a list box: rows with descriptions and emoji
// are more than a native select can show.
function select(component, options, view) {
  const most = component.max_values ?? 1;
  const chosen = new Set((options || []).filter((o) => o.default).map((o) => o.value));
  const face = el('span', { class: 'select-face' });
  const trigger = el('button', {
    type: 'button', class: 'select-trigger', disabled: component.disabled, 'aria-haspopup': 'listbox', 'aria-expanded': 'false',
    'data-custom-id': component.custom_id, click: () => (list.hidden ? open() : close()),
  }, face, icon(icons.down));
  const list = el('div', { class: 'select-list', role: 'listbox', hidden: true, 'aria-multiselectable': String(most > 1) });
  const node = el('div', { class: 'select' }, trigger, list);

  const label = () => {
    const labels = (options || []).filter((o) => chosen.has(o.value)).map((o) => o.label);
    face.textContent = labels.join(', ') || component.placeholder || 'Make a choice';
    face.classList.toggle('placeholder', labels.length === 0);
  };
  const send = () => {
    close();
    busy(trigger, view.act(component, [...chosen])).finally(() => {
      // As in the original: the choice of a menu that stays is forgotten, so
      // that the same entry can be chosen again.
      if (!(options || []).some((o) => o.default)) chosen.clear();
      label();
    });
  };
  const toggle = (option, row) => {
    if (most === 1) {
      chosen.clear();
      chosen.add(option.value);
      label();
      send();
      return;
    }
    if (chosen.has(option.value)) chosen.delete(option.value);
    else if (chosen.size < most) chosen.add(option.value);
    row.setAttribute('aria-selected', String(chosen.has(option.value)));
    label();
  };
  const outside = (event) => {
    if (!node.contains(event.target)) close();
  };
  const open = () => {
    const rows = (options || []).map((option) => {
      const row = el('button', {
        type: 'button', role: 'option', class: 'option', 'data-value': option.value,
        'aria-selected': String(chosen.has(option.value)), click: () => toggle(option, row),
      }, emoji(option.emoji), el('span', { class: 'option-text' }, el('span', {}, option.label),
        option.description && el('span', { class: 'option-note' }, option.description)));
      return row;
    });
    list.replaceChildren(...rows);
    if (most > 1) list.append(el('button', { type: 'button', class: 'button primary', click: send }, 'Confirm'));
    list.hidden = false;
    list.classList.toggle('above', shouldOpenAbove(trigger, list));
    trigger.setAttribute('aria-expanded', 'true');
    document.addEventListener('pointerdown', outside, true);
    list.querySelector('button')?.focus({ preventScroll: true });
    list.scrollIntoView({ block: 'nearest' });
  };
  const close = () => {
    if (list.hidden) return;
    list.hidden = true;
    trigger.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', outside, true);
    trigger.focus({ preventScroll: true });
  };
  node.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    const rows = [...list.querySelectorAll('button')];
    const at = rows.indexOf(document.activeElement);
    if (event.key === 'Escape') close();
    else if (event.key === 'ArrowDown') rows[Math.min(at + 1, rows.length - 1)].focus();
    else if (event.key === 'ArrowUp') rows[Math.max(at - 1, 0)].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  label();
  return node;
}

// shouldOpenAbove: a list that would hang below the end of the log goes up,
// where there is room.
function shouldOpenAbove(trigger, list) {
  const frame = trigger.closest('#log')?.getBoundingClientRect();
  const { top, bottom } = trigger.getBoundingClientRect();
  return frame !== undefined && bottom + list.offsetHeight > frame.bottom && top - list.offsetHeight > frame.top;
}

function embedCard(embed, view) {
  const node = el('div', { class: 'container embed' },
    embed.author && el('p', { class: 'subtext' }, embed.author.name),
    el('div', { class: 'section' },
      el('div', { class: 'section-text' },
        embed.title && el('h3', { class: 'h3' }, embed.url ? link(embed.url, inline(embed.title, view.names)) : inline(embed.title, view.names)),
        embed.description && el('div', { class: 'text' }, markdown(embed.description, view.names))),
      embed.thumbnail && el('div', { class: 'accessory' }, el('div', { class: 'thumbnail' }, picture(embed.thumbnail.url, '', view)))),
    embed.fields?.length && el('dl', { class: 'fields' }, embed.fields.map((field) => el('div', { class: field.inline ? 'inline' : null },
      el('dt', {}, inline(field.name, view.names)), el('dd', {}, markdown(field.value, view.names))))),
    embed.image && el('figure', { class: 'attachment' }, picture(embed.image.url, '', view)),
    (embed.footer || embed.timestamp) && el('p', { class: 'subtext' },
      [embed.footer?.text, embed.timestamp && new Date(embed.timestamp).toLocaleString()].filter(Boolean).join(' · ')));
  node.classList.add('accented');
  if (embed.color) node.style.setProperty('--bar', `#${embed.color.toString(16).padStart(6, '0')}`);
  return node;
}

// inputs returns the fields of a modal: [{id, label, note, required, multiline,
// value, placeholder, max, options}].
export function inputs(components) {
  return components.flatMap((component) => {
    if (component.type === LABEL) {
      return inputs([component.component]).map((field) => ({ ...field, label: component.label, note: component.description }));
    }
    if (component.type === ROW) return inputs(component.components);
    if (component.type !== INPUT && component.type !== SELECT) return [];
    return [{
      id: component.custom_id, label: component.label || component.placeholder || '', required: component.required !== false,
      multiline: component.style === 2, value: component.value || '', placeholder: component.placeholder,
      max: component.max_length, options: component.options,
    }];
  });
}
