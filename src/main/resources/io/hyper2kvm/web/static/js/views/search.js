// Manifests by name, VM, code, state and day.
import { h, say } from '../dom.js';
import { paths, read } from '../api.js';
import { mixed } from '../parts/manifests.js';
import { rewrite } from '../route.js';
import { count } from '../text.js';

const PAGE = 50;
const PAUSE = 250;

export const title = () => 'Search';

// What was read behind the first page, for one query.
let further = { query: undefined, items: [], next: undefined };
let timer;
let reading = false;

function asked(query, after) {
  const wanted = new URLSearchParams({ limit: String(PAGE) });
  for (const key of ['q', 'state', 'date']) {
    if (query.get(key)) {
      wanted.set(key, query.get(key));
    }
  }
  if (after) {
    wanted.set('after', after);
  }
  return paths.list(wanted);
}

export const needs = ({ query }) => [{ path: asked(query), every: 10000 }];

export function render({ query, watched, redraw }) {
  const path = asked(query);
  const found = watched.of(path);
  if (further.query !== path) {
    further = { query: path, items: [], next: undefined };
  }
  return h('div', null,
    h('h1', { tabindex: '-1' }, 'Search'),
    form(query),
    found.error?.status === 400 || found.error?.status === 422
      ? h('p', { class: 'bad' }, found.error.message)
      : found.value
        ? results(found.value, query, redraw)
        : h('p', { class: 'muted' }, 'Looking…'));
}

export const partial = true;

function form(query) {
  const values = (form_) => Object.fromEntries(new FormData(form_));
  const now = (event) => {
    clearTimeout(timer);
    rewrite(values(event.target.form ?? event.target));
  };
  return h('form', {
    class: 'filters', role: 'search',
    on: {
      submit: (event) => {
        event.preventDefault();
        now(event);
      },
    },
  },
    h('label', { for: 'q' }, 'Name, VM or code'),
    h('input', {
      id: 'q', name: 'q', type: 'search', value: query.get('q') ?? '', autocomplete: 'off', spellcheck: 'false', maxlength: '200',
      on: {
        input: (event) => {
          clearTimeout(timer);
          const form_ = event.target.form;
          timer = setTimeout(() => form_.isConnected && rewrite(values(form_)), PAUSE);
        },
      },
    }),
    h('label', { for: 'state' }, 'State'),
    h('select', { id: 'state', name: 'state', on: { change: now } },
      ['', 'running', 'waiting', 'failed', 'completed'].map((value) =>
        h('option', { value, selected: (query.get('state') ?? '') === value }, value || 'any'))),
    h('label', { for: 'date' }, 'Day'),
    h('input', { id: 'date', name: 'date', type: 'date', value: query.get('date') ?? '', on: { change: now } }));
}

function results(first, query, redraw) {
  const items = [...first.items, ...further.items];
  const next = further.begun ? further.next : first.next;
  if (next && items.length < PAGE && !reading) {
    setTimeout(() => more(query, next, redraw));
  }
  if (!items.length) {
    return h('p', { class: 'quiet' }, next ? 'Looking further…' : 'Nothing is like this.');
  }
  const all = first.total === undefined || first.total === null ? '' : ` of ${count(first.total)}`;
  return [
    h('p', { class: 'muted', key: 'number' }, next || all ? `${count(items.length)}${all} shown, newest first` : `${count(items.length)} found, newest first`),
    mixed(items),
    next
      ? h('p', { class: 'more', key: 'more' }, h('button', { on: { click: () => more(query, next, redraw) } }, 'Show more'))
      : null,
  ];
}

// An answer may have few manifests, or none, although more follow: it reads a bounded number of reports.
async function more(query, after, redraw) {
  const path = asked(query);
  if (reading || further.query !== path) {
    return;
  }
  reading = true;
  try {
    const { value } = await read(asked(query, after));
    if (further.query === path) {
      further.items.push(...value.items);
      further.next = value.next;
      further.begun = true;
      say(`${value.items.length} more shown`);
    }
  } catch (error) {
    say(error.message);
  }
  reading = false;
  redraw();
}
