// Submits a manifest, which is checked while it is typed.
import { h } from '../dom.js';
import { change, manifestType, paths } from '../api.js';
import { askForToken, sentence } from '../parts/dialogs.js';
import { editor } from '../parts/editor.js';
import { to } from '../route.js';
import { currentToken } from '../session.js';
import { counted } from '../text.js';

const PAUSE = 400;
const LARGEST = 64 << 20;

export const title = () => 'Submit';
export const needs = () => [];
export const partial = true;

// What is typed stays while the reader looks at other views.
const draft = { file: '', text: '', problems: [], told: '', failed: '', checked: undefined, checking: 0, busy: false };
let timer;

export function render({ overview, redraw }) {
  if (overview?.daemon?.read_only !== false) {
    return h('div', null,
      h('h1', { tabindex: '-1' }, 'Submit'),
      h('p', null, 'This page is read-only, because the configuration names no token (', h('code', null, 'web_token_file'), ').'),
      h('p', null, 'On the daemon’s machine: ', h('code', null, 'hyper2kvm submit web01.yaml --wait')));
  }
  if (!currentToken()) {
    return h('div', null,
      h('h1', { tabindex: '-1' }, 'Submit'),
      h('p', null, 'Submitting a manifest needs the token.'),
      h('button', { class: 'main', on: { click: () => askForToken(redraw) } }, 'Enter token'));
  }
  return h('div', { class: 'submit' },
    h('h1', { tabindex: '-1' }, 'Submit'),
    h('form', { on: { submit: (event) => submit(event, redraw) } },
      h('div', { class: 'fields' },
        h('div', null,
          h('label', { for: 'file' }, 'File name in the drop zone'),
          h('input', { id: 'file', name: 'file', value: draft.file, placeholder: 'web01.yaml', autocomplete: 'off', spellcheck: 'false', required: true, on: { input: (event) => { draft.file = event.target.value; typed(draft.text, redraw); } } })),
        h('div', null,
          h('label', { for: 'upload' }, 'Take a file of this computer'),
          h('input', { id: 'upload', type: 'file', accept: '.yaml,.yml,.json,application/json,application/yaml', on: { change: (event) => take(event.target.files[0], redraw) } }))),
      h('label', { for: 'text' }, 'Manifest, JSON or YAML'),
      h('div', { class: 'editor-place', key: 'editor', island: (element) => editor(element, draft, (text) => typed(text, redraw)) }),
      outcome(),
      h('div', { class: 'buttons' },
        h('button', { type: 'submit', class: 'main', disabled: draft.busy || !draft.text.trim() || draft.problems.length > 0 }, 'Submit'))));
}

function outcome() {
  return h('div', { class: 'problems', id: 'problems' },
    h('p', { class: draft.failed || draft.problems.length ? 'bad' : 'muted', role: 'status' }, draft.failed || draft.told),
    draft.problems.length
      ? h('ol', null, draft.problems.slice(0, 100).map((one) =>
          h('li', null,
            one.line
              ? h('button', { type: 'button', class: 'line', on: { click: () => document.querySelector('.editor-place').jump(one.line, one.column) } }, `line ${one.line}${one.column ? `, column ${one.column}` : ''}`)
              : null,
            one.path ? h('code', null, one.path) : null,
            h('span', null, one.message),
            one.hint ? h('span', { class: 'muted' }, one.hint) : null)))
      : null);
}

function typed(text, redraw) {
  draft.text = text;
  draft.failed = '';
  draft.checking += 1;
  clearTimeout(timer);
  if (!text.trim()) {
    draft.problems = [];
    draft.told = '';
    marked();
    redraw();
    return;
  }
  timer = setTimeout(() => check(text, draft.checking, redraw), PAUSE);
}

async function check(text, number, redraw) {
  try {
    const answer = await change('POST', paths.validate(), text, manifestType(draft.file.trim(), text));
    if (number === draft.checking) {
      judged(answer.problems ?? [], answer.vms, answer.unlisted_problems);
    }
  } catch (error) {
    if (number === draft.checking) {
      if (error.problems.length) {
        judged(error.problems);
      } else {
        draft.problems = [];
        draft.told = '';
        draft.failed = `Not checked. ${sentence(error)}`;
      }
    }
  }
  marked();
  redraw();
}

function judged(problems, vms, unlisted = 0) {
  draft.problems = problems;
  draft.failed = '';
  draft.told = problems.length
    ? counted(problems.length + unlisted, 'problem')
    : `No problem found${vms === undefined ? '' : `, ${counted(vms, 'VM')}`}. Sources and space are checked when it runs.`;
}

function marked() {
  document.querySelector('.editor-place')?.mark?.(draft.problems.map((one) => one.line).filter(Boolean));
}

async function take(file, redraw) {
  if (!file) {
    return;
  }
  if (file.size > LARGEST) {
    draft.failed = 'The file is larger than a manifest may be.';
    redraw();
    return;
  }
  const text = await file.text();
  draft.file = file.name;
  document.getElementById('file').value = file.name;
  document.querySelector('.editor-place').set(text);
  typed(text, redraw);
}

async function submit(event, redraw) {
  event.preventDefault();
  if (draft.busy) {
    return;
  }
  draft.busy = true;
  draft.failed = '';
  redraw();
  try {
    const answer = await change('POST', paths.submit(draft.file.trim()), draft.text, manifestType(draft.file.trim(), draft.text));
    Object.assign(draft, { file: '', text: '', problems: [], told: '', checking: draft.checking + 1 });
    clearTimeout(timer);
    location.hash = to(['manifest', answer.id]);
  } catch (error) {
    draft.failed = sentence(error);
    if (error.problems.length) {
      judged(error.problems);
      marked();
    }
  }
  draft.busy = false;
  redraw();
}
