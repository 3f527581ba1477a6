// A modal that a bot asked for: a small form in a dialog.

import { el, fill } from './dom.js';
import { inputs } from './components.js';

// showModal opens the dialog for a modal's wire form and calls submit with its
// values by custom id.
export function showModal(dialog, modal, submit) {
  const controls = [];
  const form = el('form', {
    method: 'dialog',
    submit: () => submit(Object.fromEntries(controls.map(([id, control]) => [id, control.value]))),
  }, el('h2', { id: 'modal-title' }, modal.title));
  for (const field of inputs(modal.components || [])) {
    const id = `modal-${field.id}`;
    const common = { id, required: field.required, placeholder: field.placeholder, maxlength: field.max };
    let control;
    if (field.options) control = el('select', { id }, field.options.map((o) => el('option', { value: o.value, selected: o.default }, o.label)));
    else if (field.multiline) control = el('textarea', { ...common, rows: '5' }, field.value);
    else control = el('input', { ...common, type: 'text', value: field.value });
    controls.push([field.id, control]);
    form.append(el('label', { for: id }, field.label), field.note ? el('p', { class: 'subtext' }, field.note) : '', control);
  }
  form.append(el('div', { class: 'row end' },
    el('button', { type: 'button', class: 'button secondary', click: () => dialog.close() }, 'Cancel'),
    el('button', { type: 'submit', class: 'button primary' }, 'Submit')));
  fill(dialog, form);
  dialog.showModal();
}
