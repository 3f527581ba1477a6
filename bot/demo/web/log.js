// The messages of one channel, oldest first, as one member sees them.

import { el, fill, icon, icons, menu, reconcile } from './dom.js';
import { body, EPHEMERAL } from './components.js';

const GROUP_WINDOW = 7 * 60 * 1000; // messages of one author closer than this share a heading
const DEFERRED = 1 << 7; // "is thinking…"

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const before = (a, b) => BigInt(a) < BigInt(b);

// Log shows itself in a scrolling element. For `view` see components.js; it
// also offers viewer(), bot(), menuCommands(), act(message, component, values),
// menu(message, command), dismiss(message) and seen().
export class Log {
  constructor(root, jump, view) {
    this.root = root;
    this.jump = jump;
    this.view = view;
    this.messages = [];
    this.kept = new Map(); // message id → { key, node } of what is shown
    this.labels = new Map(); // interaction id → what the member did
    this.mine = new Set(); // ids of messages that only one member sees
    this.divider = null; // the newest message that had been read on opening
    this.list = el('div', { class: 'messages' });
    root.append(this.list);
    root.addEventListener('scroll', () => this.settle());
    jump.addEventListener('click', () => this.toEnd());
  }

  open(channel, messages, lastRead) {
    this.channel = channel;
    this.messages = messages;
    this.divider = lastRead ?? null;
    // Nothing of the channel before stays: no open list, no awaited answer.
    this.list.replaceChildren();
    this.root.querySelectorAll('.waiting').forEach((node) => node.remove());
    this.jump.hidden = true;
    this.draw();
    const unread = lastRead && this.list.querySelector('.new-line');
    if (unread) unread.scrollIntoView({ block: 'start' });
    // What has never been seen is read from its beginning.
    else if (!lastRead && messages.length) this.root.scrollTop = 0;
    else this.toEnd();
    this.settle();
  }

  // upsert shows a message that is new or was edited.
  upsert(message, onlyFor) {
    if (onlyFor) this.mine.add(message.id);
    const at = this.messages.findIndex((m) => m.id === message.id);
    const follow = this.atEnd();
    if (at >= 0) {
      this.messages[at] = message;
      this.draw();
      if (follow) this.toEnd();
      return;
    }
    let place = this.messages.length;
    while (place > 0 && before(message.id, this.messages[place - 1].id)) place -= 1;
    this.messages.splice(place, 0, message);
    this.draw();
    if (follow) this.showNewest(message.id);
    else this.offerJump();
    this.settle();
  }

  remove(id) {
    this.messages = this.messages.filter((m) => m.id !== id);
    this.draw();
  }

  label(interaction, text) {
    this.labels.set(interaction, text);
    this.draw();
  }

  // pending shows that an answer is awaited, until it is removed.
  pending(label) {
    const node = el('article', { class: 'message waiting' },
      this.used(this.view.viewer().name, label), this.avatar(this.view.bot()),
      el('div', { class: 'content' }, el('p', { class: 'thinking', role: 'status' }, el('span', { class: 'dots' }), `${this.view.bot().name} is thinking…`)));
    this.root.append(node);
    this.toEnd();
    return node;
  }

  draw() {
    const opened = this.list.querySelector('.select-list:not([hidden])');
    if (opened) { // never pull a list away from under a finger
      this.stale = true;
      clearTimeout(this.redraw);
      this.redraw = setTimeout(() => this.stale && this.draw(), 500);
      return;
    }
    this.stale = false;
    const nodes = [];
    const shown = this.kept;
    this.kept = new Map();
    let previous = null;
    for (const message of this.messages) {
      const date = new Date(message.timestamp);
      const newDay = !previous || new Date(previous.timestamp).toDateString() !== date.toDateString();
      if (newDay) nodes.push(el('div', { class: 'day-line', role: 'separator' }, el('span', {}, day.format(date))));
      const isNew = this.divider && previous && !before(this.divider, previous.id) && before(this.divider, message.id) && !this.mine.has(message.id);
      if (isNew) nodes.push(el('div', { class: 'new-line', role: 'separator' }, el('span', {}, 'New')));
      nodes.push(this.node(shown.get(message.id), message, !newDay && !isNew && this.continues(previous, message)));
      previous = message;
    }
    if (nodes.length === 0) nodes.push(this.welcome());
    // Nodes whose message did not change are kept: their menus, spoilers and
    // pictures stay as they are.
    const focus = this.focus();
    reconcile(this.list, nodes);
    focus();
  }

  // focus notes which control of which message has the focus and returns what
  // gives it to its successor, where the message was replaced.
  focus() {
    const held = document.activeElement;
    const message = held?.closest?.('[data-message]');
    return () => {
      if (!message || document.activeElement === held) return;
      const fresh = this.list.querySelector(`[data-message="${message.dataset.message}"]`);
      const place = [...message.querySelectorAll('button, a')].indexOf(held);
      [...(fresh?.querySelectorAll('button, a') || [])][place]?.focus({ preventScroll: true });
    };
  }

  // node is the element of a message: the one that is shown, where nothing of
  // it has changed.
  node(shown, message, joined) {
    const key = JSON.stringify([message, joined, this.labels.get(message.interaction_metadata?.id), this.view.viewer()?.id]);
    const kept = shown?.key === key ? shown : { key, node: this.article(message, joined) };
    this.kept.set(message.id, kept);
    return kept.node;
  }

  continues(previous, message) {
    return previous && previous.author.id === message.author.id && !message.interaction_metadata && !previous.interaction_metadata &&
      new Date(message.timestamp) - new Date(previous.timestamp) < GROUP_WINDOW;
  }

  article(message, joined) {
    const mine = (message.flags & EPHEMERAL) !== 0;
    const date = new Date(message.timestamp);
    const view = { ...this.view, act: (component, values) => this.view.act(message, component, values) };
    const meta = message.interaction_metadata;
    const thinking = (message.flags & DEFERRED) !== 0;
    const content = el('div', { class: 'content' },
      el('p', { class: joined ? 'author hidden' : 'author' }, el('strong', {}, message.author.global_name || message.author.username),
        message.author.bot && el('span', { class: 'badge' }, 'app'), ' ',
        el('time', { datetime: message.timestamp, title: full.format(date) }, clock.format(date))),
      thinking ? el('p', { class: 'thinking' }, el('span', { class: 'dots' }), 'thinking…') : body(message, view),
      message.edited_timestamp && !thinking && !meta && el('span', { class: 'edited' }, '(edited)'),
      mine && el('p', { class: 'only-you' }, icon(icons.eye), 'Only you can see this · ',
        el('button', { type: 'button', class: 'textual', click: () => this.view.dismiss(message) }, 'Dismiss message')));
    const label = meta && (this.labels.get(meta.id) || meta.name);
    return el('article', {
      class: `message${mine ? ' ephemeral' : ''}${joined ? ' joined' : ''}`, 'data-message': message.id,
      contextmenu: (event) => {
        if (event.target.closest('a, img')) return;
        event.preventDefault();
        this.actions(message, event.currentTarget.querySelector('.more button'));
      },
    }, label && this.used(meta.user?.global_name || meta.user?.username, label), !joined && this.avatar(message.author), content, this.more(message));
  }

  used(name, label) {
    return label && el('p', { class: 'used' }, icon(icons.reply), el('strong', {}, name), ' used ', el('span', {}, label));
  }

  avatar(author) {
    if (author.bot) return el('img', { class: 'avatar', src: 'assets/icon.svg', alt: '', width: '40', height: '40' });
    const name = author.global_name || author.username || '?';
    const hue = [...name].reduce((sum, c) => sum + c.codePointAt(0), 0) * 47 % 360;
    const node = el('span', { class: 'avatar', 'aria-hidden': 'true' }, name[0].toUpperCase());
    node.style.setProperty('--hue', hue);
    return node;
  }

  more(message) {
    if ((message.flags & EPHEMERAL) !== 0 || this.view.menuCommands().length === 0) return null;
    const node = el('button', {
      type: 'button', class: 'plain', 'aria-label': 'More for this message', 'aria-haspopup': 'menu', 'aria-expanded': 'false',
      click: () => this.actions(message, node),
    }, icon(icons.more));
    return el('div', { class: 'more' }, node);
  }

  actions(message, anchor) {
    const commands = this.view.menuCommands();
    if (!anchor || commands.length === 0) return;
    menu(anchor, 'Apps', commands.map((command) => ({ label: command.name, command })), ({ command }) => this.view.menu(message, command));
  }

  welcome() {
    return el('div', { class: 'welcome' }, icon(icons.hash), el('h2', {}, `Welcome to #${this.channel.name}`),
      el('p', {}, 'Nothing has been posted here yet. Type / below to see what the bot can do.'));
  }

  atEnd() {
    return this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight < 80;
  }

  toEnd() {
    this.root.scrollTop = this.root.scrollHeight;
    this.settle();
  }

  // showNewest scrolls to the end, but never past the beginning of a message
  // that is taller than the window.
  showNewest(id) {
    const node = this.list.querySelector(`[data-message="${id}"]`);
    const top = node ? node.offsetTop - this.root.offsetTop - 12 : Infinity;
    this.root.scrollTop = Math.min(top, this.root.scrollHeight);
  }

  offerJump() {
    this.jump.hidden = false;
    fill(this.jump, icon(icons.down), 'New messages');
  }

  // settle notes that the end of the channel has been seen.
  settle() {
    if (!this.atEnd() || document.hidden) return;
    this.jump.hidden = true;
    this.view.seen();
  }
}
