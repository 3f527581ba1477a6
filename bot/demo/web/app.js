// The page: who looks, at which channel, and what they see.

import { el, fill, icon, icons, reconcile } from './dom.js';
import { refreshTimes } from './text.js';
import { Composer, flatten } from './composer.js';
import { Log } from './log.js';
import { Sim } from './sim.js';
import { showModal } from './modal.js';

const $ = (id) => document.getElementById(id);
const sim = new Sim('sim/');
const kinds = { 1: icons.letter, 5: icons.horn, 10: icons.thread, 11: icons.thread, 15: icons.posts };
const DIRECT = 1; // the type of a channel between the bot and one member
const ADMINISTRATOR = 8n;

const page = {
  state: { channels: [], members: [], roles: [], commands: [], bot: {} },
  demo: { papers: [], origin: location.origin, ideas: {} },
  viewer: null, // the member whose eyes we use
  channel: null,
  rows: [],
  read: new Map(), // channel id → newest message id that was seen
  newest: new Map(), // channel id → newest message id
  // Ephemeral messages live as long as the page: only the answers to its own
  // acts are shown, and none that was dismissed.
  acting: 0, // acts under way
  answers: new Set(), // ids of ephemeral messages to show
};

const log = new Log($('log'), $('jump'), {
  names: {
    user: (id) => (id === page.state.bot.id ? page.state.bot.name : page.state.members.find((m) => m.id === id)?.name),
    role: (id) => page.state.roles.find((r) => r.id === id)?.name,
    channel: (id) => page.state.channels.find((c) => c.id === id)?.name,
  },
  // Pictures of the sample newspapers come from this very server, whichever
  // address it was reached by.
  media: (url) => (url.startsWith(page.demo.origin) ? url.slice(page.demo.origin.length) : url),
  options: (kind) => choices(kind).map((c) => ({ label: c.name, value: c.value })),
  viewer: () => page.viewer,
  bot: () => page.state.bot,
  menuCommands: () => page.state.commands.filter((c) => c.type === 3 && allowed(c)),
  act: (message, component, values) => perform({
    act: values ? 'choose' : 'press', message: message.id, custom_id: component.custom_id, values,
  }, { quiet: true }),
  menu: (message, command) => perform({ act: 'menu', message: message.id, command: command.name }, { label: command.name }),
  dismiss: (message) => {
    page.answers.delete(message.id);
    log.remove(message.id);
  },
  seen: () => markRead(page.channel),
});

const composer = new Composer($('composer'), {
  commands: () => page.rows.filter((row) => allowed(row.command)),
  complete: (path, options, focused) => sim.complete({
    member: page.viewer.id, channel: page.channel, command: path, options, focused,
  }),
  choices: (kind, option) => choices(kind, option),
  run: (path, options) => perform({ act: 'slash', command: path, options }, { label: `/${path}` }),
  say: (content) => perform({ act: 'post', content }, { quiet: true }),
});

// allowed: would the real program offer this command to the viewer?
function allowed(command) {
  const needed = command.default_member_permissions;
  if (needed === null || needed === undefined) return true;
  const held = BigInt(page.viewer.permissions);
  return (held & ADMINISTRATOR) !== 0n || (BigInt(needed) !== 0n && (held & BigInt(needed)) === BigInt(needed));
}

function choices(kind, option) {
  const { channels, members, roles } = page.state;
  if (kind === 'channels') {
    const types = option?.channel_types;
    return channels.filter((c) => !types?.length || types.includes(c.type)).map((c) => ({ name: `#${c.name}`, value: c.id }));
  }
  const people = members.map((m) => ({ name: m.name, value: m.id }));
  const groups = roles.map((r) => ({ name: r.name, value: r.id }));
  if (kind === 'people') return people;
  return kind === 'roles' ? groups : [...people, ...groups];
}

// perform lets the viewer act and shows what comes back: a message, a modal, or
// that nothing came.
async function perform(act, { label, quiet } = {}) {
  const { channel, viewer } = page;
  const pending = quiet ? null : log.pending(label);
  page.acting += 1;
  try {
    const answer = await sim.act({ member: viewer.id, channel, ...act });
    if (label && answer.interaction) log.label(answer.interaction, label);
    if (answer.message) {
      const mine = answer.ephemeral ? viewer.id : undefined;
      arrived({ channel_id: answer.message.channel_id, message: answer.message, ephemeral_to: mine });
    }
    if (answer.modal) {
      showModal($('modal'), answer.modal, (fields) => perform({ act: 'modal', interaction: answer.interaction, fields }, { label }));
    }
  } catch (error) {
    toast(error.status === 504 ? `${page.state.bot.name} did not respond.` : error.message);
  } finally {
    page.acting -= 1;
    pending?.remove();
  }
}

let toastTimer;
function toast(text) {
  const box = $('toast');
  fill(box, text, el('button', { type: 'button', class: 'plain', 'aria-label': 'Close', click: () => { box.hidden = true; } }, icon(icons.close)));
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 8000);
}

function markRead(id) {
  if (!id || document.hidden || !page.newest.has(id)) return;
  page.read.set(id, page.newest.get(id));
  drawChannels();
}

const later = (a, b) => BigInt(a || 0) > BigInt(b || 0);
const unread = (id) => page.newest.has(id) && later(page.newest.get(id), page.read.get(id));

// place is a channel's line in the list. It is made once and changed where it
// stands: a click that fell on a node just replaced would be lost.
const places = new Map();
function place(channel) {
  const key = `${channel.id} ${channel.type} ${channel.parent_id ?? ''} ${channel.name}`;
  if (!places.has(key)) {
    const button = el('button', {
      type: 'button', class: `channel${channel.parent_id ? ' thread' : ''}`, 'data-channel': channel.id, click: () => openChannel(channel.id),
    }, icon(kinds[channel.type] || icons.hash), el('span', {}, channel.name), el('span', { class: 'dot' }, el('span', { class: 'hidden' }, 'unread')));
    places.set(key, el('li', {}, button));
  }
  return places.get(key);
}

function drawChannels() {
  reconcile($('channels'), page.state.channels.map((channel) => {
    const item = place(channel);
    const button = item.querySelector('button');
    const fresh = unread(channel.id);
    button.classList.toggle('unread', fresh);
    button.querySelector('.dot').hidden = !fresh;
    if (channel.id === page.channel) button.setAttribute('aria-current', 'page');
    else button.removeAttribute('aria-current');
    return item;
  }));
  const waiting = page.state.channels.filter((c) => unread(c.id));
  const here = page.state.channels.find((c) => c.id === page.channel);
  $('drawer').classList.toggle('unread', waiting.some((c) => c !== here));
  document.title = `${waiting.length ? `(${waiting.length}) ` : ''}${here ? `#${here.name} · ` : ''}Broadsheet demo`;
}

// forgiveGone passes over a channel deleted since it was listed: the event that
// tells of it redraws the list.
function forgiveGone(error) {
  if (error.status !== 404) throw error;
}

async function openChannel(id) {
  drawer(false);
  page.channel = id;
  const channel = page.state.channels.find((c) => c.id === id);
  fill($('channel-name'), icon(kinds[channel.type] || icons.hash), channel.name);
  composer.place(channel.type === DIRECT ? channel.name : `#${channel.name}`);
  drawChannels();
  const entries = channel.type === DIRECT ? await sim.direct(page.viewer.id) : await sim.messages(id, page.viewer.id).catch(forgiveGone);
  if (!entries || page.channel !== id) return; // somebody was quicker than the answer
  const messages = entries.filter((e) => !e.ephemeral_to || page.answers.has(e.message.id)).map((e) => e.message);
  if (messages.length) page.newest.set(id, messages.at(-1).id);
  log.open(channel, messages, page.read.get(id));
  markRead(id);
}

function drawViewer() {
  const box = $('viewer');
  fill(box, el('legend', { class: 'hidden' }, 'View as'), page.state.members.map((member) => el('label', {},
    el('input', {
      type: 'radio', name: 'viewer', value: member.id, checked: member.id === page.viewer.id,
      change: () => become(member),
    }), el('span', {}, member.name, el('small', {}, member.admin ? 'admin' : 'member')))));
}

async function become(member) {
  page.viewer = member;
  page.state.channels = page.state.channels.filter((c) => c.type !== DIRECT);
  composer.search();
  drawIdeas();
  await findDirect();
  const here = page.state.channels.some((c) => c.id === page.channel);
  await openChannel(here ? page.channel : page.state.channels[0].id);
}

// findDirect lists the bot's private messages to the viewer, if there are any,
// as one more channel.
async function findDirect() {
  const entries = await sim.direct(page.viewer.id);
  if (entries.length === 0) return;
  const { message } = entries.at(-1);
  page.newest.set(message.channel_id, message.id);
  const known = page.state.channels.some((c) => c.id === message.channel_id);
  if (!known) page.state.channels.push({ id: message.channel_id, name: page.state.bot.name, type: DIRECT });
  drawChannels();
}

function drawIdeas() {
  const known = composer.host.commands();
  const ideas = (page.demo.ideas[page.viewer.admin ? 'admin' : 'member'] || []).filter((path) => known.some((row) => row.path === path));
  fill($('ideas'), ideas.map((path) => el('button', { type: 'button', class: 'idea', click: () => propose(path) }, `/${path}`)));
}

// propose puts a command into the box, ready to be filled in and sent.
function propose(path) {
  const row = composer.host.commands().find((r) => r.path === path);
  if (row) composer.choose(row);
}

function drawPapers() {
  $('papers').hidden = page.demo.papers.length === 0;
  fill($('paper-list'), page.demo.papers.map((paper) => el('li', {},
    el('a', { href: paper.site, target: '_blank', rel: 'noopener', lang: paper.language }, paper.name))));
}

function drawer(open) {
  document.body.classList.toggle('drawer-open', open);
  $('drawer').setAttribute('aria-expanded', String(open));
  $('shade').hidden = !open;
}

function takeState(state) {
  // Threads stand below the channel they belong to.
  const below = (parent) => state.channels.filter((c) => (c.parent_id ?? null) === parent).flatMap((c) => [c, ...below(c.id)]);
  page.state = { ...state, channels: below(null) };
  page.rows = flatten(state.commands);
  page.viewer = state.members.find((m) => m.id === page.viewer?.id) || state.members[0] || null;
  $('server-name').textContent = state.name;
  fill($('connection'), el('span', { class: state.connected ? 'lamp on' : 'lamp' }),
    el('span', {}, state.connected ? 'Broadsheet is online' : 'Broadsheet is starting…'));
  drawChannels();
  drawIdeas();
}

async function refresh() {
  const seen = () => JSON.stringify([page.state.members, page.viewer?.id]);
  const before = seen();
  takeState(await sim.state());
  if (before !== seen()) drawViewer();
  if (page.viewer) await findDirect();
  if (page.viewer) await Promise.all(page.state.channels.map(findNewest));
  // Also when the channel that was shown has been deleted.
  const here = page.state.channels.some((c) => c.id === page.channel);
  if (!here && page.state.channels.length) await openChannel(page.state.channels[0].id);
}

// findNewest marks a channel unread in which others wrote before the page was
// opened.
async function findNewest(channel) {
  if (page.newest.has(channel.id) || channel.type === DIRECT) return;
  const last = (await sim.messages(channel.id, page.viewer.id, 1).catch(forgiveGone))?.at(-1)?.message;
  if (last && last.author.id !== page.viewer.id) page.newest.set(channel.id, last.id);
  drawChannels();
}

function arrived({ channel_id: channel, message, ephemeral_to: only }) {
  if (only) {
    if (only !== page.viewer?.id || (page.acting === 0 && !page.answers.has(message.id))) return;
    page.answers.add(message.id);
  } else if (later(message.id, page.newest.get(channel))) page.newest.set(channel, message.id);
  if (channel === page.channel) log.upsert(message, only);
  if (page.viewer && !page.state.channels.some((c) => c.id === channel)) findDirect();
  drawChannels();
}

async function start() {
  $('drawer').append(icon(icons.menu));
  $('drawer').addEventListener('click', () => drawer(!document.body.classList.contains('drawer-open')));
  $('shade').addEventListener('click', () => drawer(false));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') drawer(false);
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName || '') || $('modal').open;
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      composer.search('/', true);
    }
  });
  document.addEventListener('click', (event) => {
    const mention = event.target.closest('[data-command], .mention[data-channel]');
    if (mention?.dataset.command) propose(mention.dataset.command);
    else if (mention?.dataset.channel && page.state.channels.some((c) => c.id === mention.dataset.channel)) openChannel(mention.dataset.channel);
  });
  document.addEventListener('visibilitychange', () => log.settle());
  setInterval(() => refreshTimes(document), 20000);
  page.demo = await (await fetch('demo.json')).json();
  drawPapers();
  sim.listen({
    refresh, arrived, removed: (id) => log.remove(id),
    lost: () => fill($('connection'), el('span', { class: 'lamp' }), el('span', {}, 'The demo has ended')),
  });
  await refresh();
  document.documentElement.dataset.ready = 'yes';
}

start().catch((error) => toast(`The page could not start: ${error.message}`));
