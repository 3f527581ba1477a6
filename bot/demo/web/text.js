// The markdown that a chat message may use, turned into elements. Only what is
// listed here is understood; everything else stays as it was typed.

import { el } from './dom.js';

// markdown returns the nodes for a text. `names` resolves what the text only
// names by id: { user(id), role(id), channel(id) } → string.
export function markdown(source, names = {}) {
  const nodes = [];
  const lines = source.split('\n');
  for (let i = 0; i < lines.length;) {
    const step = fence(lines, i) || heading(lines, i, names) || subtext(lines, i, names) ||
      quote(lines, i, names) || list(lines, i, names) || paragraph(lines, i, names);
    if (step.node) nodes.push(step.node);
    i = step.next;
  }
  return nodes;
}

function fence(lines, i) {
  if (!lines[i].startsWith('```')) return null;
  const end = lines.findIndex((line, j) => j > i && line.startsWith('```'));
  if (end < 0) return null;
  return { node: el('pre', {}, el('code', {}, lines.slice(i + 1, end).join('\n'))), next: end + 1 };
}

function heading(lines, i, names) {
  const match = /^(#{1,3}) +(.+)$/.exec(lines[i]);
  if (!match) return null;
  // The page's own heading is the first level, so a message starts at the third.
  return { node: el(`h${match[1].length + 2}`, { class: `h${match[1].length}` }, inline(match[2], names)), next: i + 1 };
}

function subtext(lines, i, names) {
  const match = /^-# +(.+)$/.exec(lines[i]);
  return match && { node: el('p', { class: 'subtext' }, inline(match[1], names)), next: i + 1 };
}

function quote(lines, i, names) {
  if (lines[i].startsWith('>>> ')) {
    const rest = [lines[i].slice(4), ...lines.slice(i + 1)].join('\n');
    return { node: el('blockquote', {}, markdown(rest, names)), next: lines.length };
  }
  let end = i;
  while (end < lines.length && /^> /.test(lines[end])) end += 1;
  if (end === i) return null;
  const text = lines.slice(i, end).map((line) => line.slice(2)).join('\n');
  return { node: el('blockquote', {}, markdown(text, names)), next: end };
}

const bullet = /^( *)(?:[-*]|(\d{1,9})\.) +(.*)$/;

function list(lines, i, names) {
  const first = bullet.exec(lines[i]);
  if (!first) return null;
  const ordered = first[2] !== undefined;
  const node = el(ordered ? 'ol' : 'ul', { start: ordered ? first[2] : null });
  const depth = first[1].length;
  while (i < lines.length) {
    const match = bullet.exec(lines[i]);
    if (!match || match[1].length < depth || (match[1].length === depth && (match[2] !== undefined) !== ordered)) break;
    if (match[1].length > depth) {
      const nested = list(lines, i, names);
      (node.lastElementChild || node).append(nested.node);
      i = nested.next;
    } else {
      node.append(el('li', {}, inline(match[3], names)));
      i += 1;
    }
  }
  return { node, next: i };
}

function paragraph(lines, i, names) {
  if (lines[i].trim() === '') return { node: null, next: i + 1 };
  let end = i + 1;
  while (end < lines.length && lines[end].trim() !== '' &&
    !/^(#{1,3} |-# |>>> |> |```)/.test(lines[end]) && !bullet.test(lines[end])) end += 1;
  const node = el('p');
  lines.slice(i, end).forEach((line, j) => {
    if (j > 0) node.append(el('br'));
    node.append(...inline(line, names));
  });
  return { node, next: end };
}

// The inline forms, tried in this order at each place. A form gets the match
// and returns a node, or null where it does not apply after all.
const forms = [
  [/^\\([\\`*_~|[\]()<>#@.:!+-])/, (m) => m[1]],
  [/^``(.+?)``(?!`)/, (m) => el('code', {}, m[1].trim())],
  [/^`([^`]+)`/, (m) => el('code', {}, m[1])],
  [/^<t:(-?\d{1,13})(?::([tTdDfFR]))?>/, (m) => timestamp(Number(m[1]), m[2] || 'f')],
  [/^<@!?(\d+)>/, (m, names) => mention(`@${names.user?.(m[1]) ?? 'someone'}`)],
  [/^<@&(\d+)>/, (m, names) => mention(`@${names.role?.(m[1]) ?? 'role'}`)],
  [/^<#(\d+)>/, (m, names) => mention(`#${names.channel?.(m[1]) ?? 'channel'}`, m[1])],
  [/^<\/([^:>]+):\d+>/, (m) => el('button', { type: 'button', class: 'mention', 'data-command': m[1] }, `/${m[1]}`)],
  [/^<a?:(\w+):\d+>/, (m) => `:${m[1]}:`],
  [/^\[((?:\\.|[^\]\\])+)\]\(<?(https?:\/\/[^\s)>]+)>?(?: "[^"]*")?\)/, (m, names) => link(m[2], inline(m[1], names))],
  [/^<(https?:\/\/[^\s>]+)>/, (m) => link(m[1], [m[1]])],
  [/^https?:\/\/[^\s<]*[^\s<.,:;"')\]*_]/, (m) => link(m[0], [m[0]])],
  [/^\*\*((?:\\.|[^\\])+?)\*\*(?!\*)/, (m, names) => el('strong', {}, inline(m[1], names))],
  [/^__((?:\\.|[^\\])+?)__(?!_)/, (m, names) => el('u', {}, inline(m[1], names))],
  [/^~~((?:\\.|[^\\])+?)~~/, (m, names) => el('s', {}, inline(m[1], names))],
  [/^\|\|((?:\\.|[^\\])+?)\|\|/, (m, names) => spoiler(inline(m[1], names))],
  [/^\*((?:\\.|[^\\*])+?)\*/, (m, names) => el('em', {}, inline(m[1], names))],
  [/^_((?:\\.|[^\\_])+?)_(?!\w)/, (m, names, before) => (/\w$/.test(before) ? null : el('em', {}, inline(m[1], names)))],
];

// inline returns the nodes for one line of text.
export function inline(text, names = {}) {
  const nodes = [];
  let plain = '';
  const flush = () => {
    if (plain) nodes.push(plain);
    plain = '';
  };
  for (let rest = text; rest;) {
    let taken = 0;
    // Most characters begin nothing: look only where a form can begin.
    if (/^[\\`<[*_~|h]/.test(rest)) {
      for (const [pattern, make] of forms) {
        const match = pattern.exec(rest);
        const node = match && make(match, names, plain);
        if (!node) continue;
        if (typeof node === 'string') plain += node;
        else {
          flush();
          nodes.push(node);
        }
        taken = match[0].length;
        break;
      }
    }
    if (!taken) {
      const [first] = rest;
      plain += first;
      taken = first.length;
    }
    rest = rest.slice(taken);
  }
  flush();
  return nodes;
}

function mention(label, channel) {
  if (!channel) return el('span', { class: 'mention' }, label);
  return el('button', { type: 'button', class: 'mention', 'data-channel': channel }, label);
}

// link is an anchor, without an address where that is none of a page: a script
// would run in ours.
export function link(url, children) {
  const leads = /^(https?|discord):\/\//i.test(url);
  return el('a', { href: leads && url, target: '_blank', rel: 'noopener noreferrer nofollow', title: url }, children);
}

function spoiler(children) {
  const reveal = () => {
    node.classList.add('shown');
    node.removeAttribute('aria-label');
  };
  const node = el('span', {
    class: 'spoiler', tabindex: '0', role: 'button', 'aria-label': 'Spoiler: press to read', click: reveal,
    keydown: (event) => (event.key === 'Enter' || event.key === ' ') && reveal(),
  }, el('span', {}, children));
  return node;
}

const styles = {
  t: { timeStyle: 'short' }, T: { timeStyle: 'medium' }, d: { dateStyle: 'short' }, D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' }, F: { dateStyle: 'full', timeStyle: 'short' },
};

function timestamp(seconds, style) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const full = new Intl.DateTimeFormat(undefined, styles.F).format(date);
  const text = style === 'R' ? ago(date) : new Intl.DateTimeFormat(undefined, styles[style]).format(date);
  return el('time', {
    class: 'stamp', datetime: date.toISOString(), title: full, 'data-relative': style === 'R' ? seconds : null,
  }, text);
}

const units = [[60, 'second', 1], [3600, 'minute', 60], [86400, 'hour', 3600], [2592000, 'day', 86400],
  [31536000, 'month', 2592000], [Infinity, 'year', 31536000]];

// ago says how far away a date is, in the reader's language.
export function ago(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  const [, unit, size] = units.find(([limit]) => Math.abs(seconds) < limit);
  return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

// refreshTimes brings the relative times below a node up to date.
export function refreshTimes(root) {
  for (const node of root.querySelectorAll('time[data-relative]')) {
    node.textContent = ago(new Date(Number(node.dataset.relative) * 1000));
  }
}
