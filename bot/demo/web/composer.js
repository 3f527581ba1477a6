// The box at the foot of a channel: a list of commands while one is being
// looked for, then a field for each of the command's options, with live
// suggestions.

import { el, fill, icon, icons } from './dom.js';

const SUBCOMMAND = 1, GROUP = 2, INTEGER = 4, BOOLEAN = 5, USER = 6, CHANNEL = 7, ROLE = 8, NUMBER = 10, ATTACHMENT = 11;

// flatten lists what can be typed after the slash: every command, and every
// subcommand in place of its parent.
export function flatten(commands) {
  const rows = [];
  const walk = (node, path, command) => {
    const children = (node.options || []).filter((o) => o.type === SUBCOMMAND || o.type === GROUP);
    if (children.length === 0) {
      rows.push({ path, description: node.description, options: node.options || [], command });
      return;
    }
    for (const child of children) walk(child, `${path} ${child.name}`, command);
  };
  for (const command of commands) if ((command.type ?? 1) === 1) walk(command, command.name, command);
  return rows.sort((a, b) => a.path.localeCompare(b.path));
}

// Composer shows itself in a form element. `host` offers commands() → rows of
// flatten, complete(path, options, focused) → Promise of [{name, value}],
// choices(kind, option) → [{name, value}] for channels, people and roles,
// run(path, options) for a command and say(text) for anything else.
export class Composer {
  constructor(form, host) {
    this.form = form;
    this.host = host;
    this.popup = el('div', { class: 'suggestions', id: 'suggestions', role: 'listbox', 'aria-label': 'Suggestions', hidden: true });
    this.bar = el('div', { class: 'entry' });
    fill(form, this.popup, this.bar);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    form.addEventListener('focusout', (event) => {
      if (!form.contains(event.relatedTarget)) this.hide();
    });
    this.search();
  }

  // place names the channel that is written to.
  place(name) {
    this.placeName = name;
    if (!this.row) this.input.placeholder = this.placeholder();
  }

  placeholder() {
    return `Message ${this.placeName ?? ''}, or type / for a command`;
  }

  // search shows the empty box in which a command is looked for.
  search(text = '', focus = false) {
    this.row = null;
    this.fields = [];
    this.input = el('input', {
      id: 'command', type: 'text', autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'go', role: 'combobox',
      'aria-expanded': 'false', 'aria-controls': 'suggestions', 'aria-autocomplete': 'list', 'aria-label': 'Slash command',
      placeholder: this.placeholder(), value: text,
      input: () => this.suggestCommands(), focus: () => this.suggestCommands(), keydown: (event) => this.keys(event),
    });
    fill(this.bar, el('button', {
      type: 'button', class: 'round', 'aria-label': 'List the commands', click: () => this.search('/', true),
    }, '/'), this.input);
    if (focus) {
      this.input.focus();
      this.input.setSelectionRange(text.length, text.length);
    }
  }

  suggestCommands() {
    const typed = this.input.value.trimStart();
    if (!typed.startsWith('/')) {
      this.hide();
      return;
    }
    const wanted = typed.slice(1).toLowerCase().replace(/\s+/g, ' ');
    const known = this.host.commands();
    let rows = known.filter((row) => row.path.startsWith(wanted.trimEnd()));
    if (rows.length === 0) rows = known.filter((row) => wanted.split(' ').every((word) => `${row.path} ${row.description}`.toLowerCase().includes(word)));
    this.show(rows.map((row) => ({
      title: `/${row.path}`, note: row.description, pick: () => this.choose(row), fill: `/${row.path}`,
    })), rows.length ? 'Commands' : 'No command is called that');
  }

  // choose turns the box into the form of a command. `values` fills it in.
  choose(row, values = {}) {
    this.row = row;
    this.hide();
    this.fields = row.options.map((option) => this.field(option, values[option.name]));
    this.extra = el('span', { class: 'extra' });
    fill(this.bar,
      el('button', {
        type: 'button', class: 'chip', title: 'Back to the list of commands', click: () => this.search(`/${row.path}`, true),
      }, `/${row.path}`),
      this.fields.map((field) => field.label), this.extra,
      el('button', { type: 'submit', class: 'round send', 'aria-label': `Run /${row.path}` }, icon(icons.send)));
    this.offerExtra();
    const first = this.fields.find((field) => !field.label.hidden);
    (first ? first.input : this.bar.querySelector('.send')).focus();
  }

  field(option, value) {
    const id = `option-${option.name}`;
    const field = { option, value: value ?? null };
    field.input = option.type === ATTACHMENT ?
      el('input', { id, type: 'file', change: () => this.attach(field) }) :
      el('input', {
        id, type: 'text', autocomplete: 'off', spellcheck: 'false', role: 'combobox', 'aria-expanded': 'false',
        'aria-controls': 'suggestions', 'aria-autocomplete': 'list', 'aria-description': option.description,
        'aria-required': String(option.required === true), placeholder: option.required ? 'needed' : '', value: value ?? null,
        inputmode: option.type === INTEGER || option.type === NUMBER ? 'decimal' : null,
        input: () => {
          field.value = null;
          field.label.classList.remove('missing');
          this.suggestValues(field);
        },
        focus: () => this.suggestValues(field), keydown: (event) => this.keys(event, field),
      });
    field.label = el('label', { class: 'field', for: id, hidden: !option.required && value === undefined && !this.onlyOptional(option) },
      el('span', {}, option.name), field.input);
    return field;
  }

  // onlyOptional: a command whose only option may be left out shows it anyway.
  onlyOptional(option) {
    return this.row.options.length === 1 && this.row.options[0] === option;
  }

  offerExtra() {
    const hidden = this.fields.filter((field) => field.label.hidden);
    fill(this.extra, hidden.map((field) => el('button', {
      type: 'button', class: 'add', title: field.option.description,
      click: () => {
        field.label.hidden = false;
        this.offerExtra();
        field.input.focus();
      },
    }, `+ ${field.option.name}`)));
  }

  attach(field) {
    const [file] = field.input.files;
    field.value = null;
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      field.value = { filename: file.name, content_type: file.type || 'application/octet-stream', data: reader.result.split(',')[1] };
    });
    reader.readAsDataURL(file);
  }

  async suggestValues(field) {
    const { option, input } = field;
    const typed = input.value;
    const round = Symbol('round');
    this.round = round; // a later suggestion makes this one stale
    let choices = this.fixed(option)?.filter((c) => c.name.toLowerCase().includes(typed.toLowerCase()));
    if (!choices && option.autocomplete) {
      this.show([], option.description);
      await new Promise((resolve) => setTimeout(resolve, typed ? 90 : 0));
      if (this.round !== round) return;
      try {
        choices = await this.host.complete(this.row.path, this.values(), option.name);
      } catch {
        choices = [];
      }
    }
    if (this.round !== round || document.activeElement !== input) return;
    this.show((choices || []).map((choice) => ({
      title: choice.name,
      pick: () => {
        input.value = choice.name;
        field.value = choice.value;
        this.next(field);
      },
    })), option.description);
  }

  fixed(option) {
    if (option.choices?.length) return option.choices;
    if (option.type === BOOLEAN) return [{ name: 'True', value: true }, { name: 'False', value: false }];
    if (option.type === CHANNEL) return this.host.choices('channels', option);
    if (option.type === USER) return this.host.choices('people', option);
    if (option.type === ROLE) return this.host.choices('roles', option);
    return null;
  }

  values() {
    const values = {};
    for (const { option, input, value } of this.fields) {
      if (value !== null) values[option.name] = value;
      else if (option.type !== ATTACHMENT && input.value.trim() !== '') {
        const number = option.type === INTEGER || option.type === NUMBER;
        values[option.name] = number ? Number(input.value) : input.value.trim();
      }
    }
    return values;
  }

  // show lists the suggestions; the first is the one that Enter takes where a
  // command is being looked for, none is where a value may be typed freely.
  show(items, title) {
    this.items = items;
    this.active = !this.row && items.length ? 0 : -1;
    fill(this.popup, el('p', { class: 'suggestions-title' }, title), items.map((item, i) => el('button', {
      type: 'button', role: 'option', id: `suggestion-${i}`, tabindex: '-1', 'aria-selected': String(i === this.active),
      pointerdown: (event) => event.preventDefault(), click: () => item.pick(),
    }, el('strong', {}, item.title), item.note && el('span', {}, item.note))));
    this.popup.hidden = false;
    this.expand(items.length > 0);
  }

  hide() {
    this.popup.hidden = true;
    this.items = [];
    this.active = -1;
    this.expand(false);
  }

  expand(open) {
    const input = this.row ? document.activeElement : this.input;
    if (input?.getAttribute('role') !== 'combobox') return;
    input.setAttribute('aria-expanded', String(open));
    if (this.active >= 0) input.setAttribute('aria-activedescendant', `suggestion-${this.active}`);
    else input.removeAttribute('aria-activedescendant');
  }

  move(step) {
    if (!this.items?.length) return;
    this.active = (this.active + step + this.items.length) % this.items.length;
    this.popup.querySelectorAll('[role=option]').forEach((node, i) => {
      node.setAttribute('aria-selected', String(i === this.active));
      if (i === this.active) node.scrollIntoView({ block: 'nearest' });
    });
    this.expand(true);
  }

  keys(event, field) {
    const picked = this.items?.[this.active];
    if (event.key === 'ArrowDown') this.move(1);
    else if (event.key === 'ArrowUp') this.move(-1);
    else if (event.key === 'Escape') {
      if (this.row && this.popup.hidden) this.search('', true);
      else this.hide();
    } else if (event.key === 'Backspace' && field && field.input.value === '') {
      if (field === this.fields.find((f) => !f.label.hidden)) this.search(`/${this.row.path}`, true);
      else return;
    } else if ((event.key === 'Enter' || event.key === 'Tab') && picked) picked.pick();
    else if (event.key === 'Enter' && field) this.next(field);
    else return;
    event.preventDefault();
  }

  // next goes to the first required field that is still empty, or runs.
  next(field) {
    const missing = this.fields.find((f) => f !== field && this.lacks(f));
    if (missing) missing.input.focus();
    else if (this.lacks(field)) field.input.focus();
    else if (this.fields.some((f) => f.label.hidden) && field.value !== null) {
      this.hide();
      this.bar.querySelector('.send').focus();
    } else this.submit();
  }

  lacks(field) {
    return field.option.required && field.value === null && field.input.value.trim() === '';
  }

  submit() {
    if (!this.row) {
      const text = this.input.value.trim();
      if (text.startsWith('/')) this.items?.[Math.max(this.active, 0)]?.pick();
      else if (text) {
        this.search('', true);
        this.host.say(text);
      }
      return;
    }
    const missing = this.fields.find((field) => this.lacks(field));
    if (missing) {
      missing.label.classList.add('missing');
      missing.input.focus();
      return;
    }
    const { path } = this.row;
    const values = this.values();
    this.search('', true);
    this.hide();
    this.host.run(path, values);
  }
}
