// The page of a hyper2kvm daemon: which view is shown, and when it is drawn again.
import { paths } from './js/api.js';
import { h, say, show } from './js/dom.js';
import { foot, head, staleness } from './js/parts/frame.js';
import { Watched } from './js/poll.js';
import { current } from './js/route.js';
import * as days from './js/views/days.js';
import * as manifest from './js/views/manifest.js';
import * as overview from './js/views/overview.js';
import * as search from './js/views/search.js';
import * as submit from './js/views/submit.js';
import * as vm from './js/views/vm.js';

const main = document.getElementById('main');
const watched = new Watched(() => soon());
let focusWaits = false;
let drawn = false;
let lastState = '';
let reached = true;
let visit = 0;

function view(route) {
  if (route.name === 'manifest') {
    return route.parts[1] === 'vm' ? vm : manifest;
  }
  return { overview, search, days, submit }[route.name];
}

function context() {
  const route = current();
  return { ...route, watched, overview: watched.of(paths.overview()).value, redraw: soon, refresh: (path) => watched.refresh(path) };
}

function soon() {
  if (!drawn) {
    drawn = true;
    queueMicrotask(() => {
      drawn = false;
      draw();
    });
  }
}

function draw() {
  const all = context();
  const shown = view(all);
  const needs = shown ? shown.needs(all) : [];
  const others = needs.some(({ path }) => path === paths.overview()) ? [] : [{ path: paths.overview(), every: 4000 }];
  watched.watch([...needs, ...others]);
  frame(all);
  const content = shown ? body(shown, all, needs) : unknown();
  show(main, h('div', { key: `${visit} ${all.name}`, class: `view ${all.name}` }, content));
  document.title = `${shown ? shown.title(all) : 'Not found'} · hyper2kvm`;
  changed(all);
  focus();
  shown?.follow?.(all);
}

function body(shown, all, needs) {
  const first = needs.length ? watched.of(needs[0].path) : {};
  if (!shown.partial && first.value === undefined && first.error?.status >= 400 && first.error.status < 500) {
    return problem(first.error);
  }
  if (needs.length && watched.of(needs[0].path).value === undefined && !shown.partial) {
    return h('p', { class: 'muted' }, 'Loading…');
  }
  if (!shown.partial || all.overview) {
    return shown.render(all);
  }
  return h('p', { class: 'muted' }, 'Loading…');
}

function problem(error) {
  return [
    h('h1', { tabindex: '-1' }, error.status === 404 ? 'Not here' : 'Refused'),
    h('p', null, error.status === 404 ? 'There is no such manifest here any more. It may have moved on: it can be found by its name.' : error.message),
    h('p', null, h('a', { href: '#/search' }, 'Search')),
  ];
}

function unknown() {
  return [h('h1', { tabindex: '-1' }, 'Not found'), h('p', null, 'This page has no such view. ', h('a', { href: '#/' }, 'Overview'))];
}

function frame(all) {
  const stale = watched.staleness();
  head(all.overview, stale, soon);
  staleness(stale, watched.offset, all.overview, () => watched.wake());
  foot(all.overview);
  if (Boolean(stale?.failed) === reached) {
    reached = !reached;
    say(reached ? 'The daemon answers again.' : 'The daemon does not answer. What is shown is out of date.');
  }
}

// A screen reader is told when the manifest that is looked at changes its state.
function changed({ name, parts }) {
  const one = name === 'manifest' ? watched.of(paths.manifest(parts[0])).value : undefined;
  const now = one ? `${one.id} ${one.state}` : '';
  if (one && lastState.startsWith(`${one.id} `) && lastState !== now) {
    say(`${one.name || one.file}: ${one.state}`);
  }
  lastState = now;
}

function focus() {
  const heading = main.querySelector('h1');
  if (focusWaits && heading) {
    focusWaits = false;
    window.scrollTo(0, 0);
    heading.focus({ preventScroll: true });
  }
}

document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  (main.querySelector('h1') ?? main).focus();
});
window.addEventListener('hashchange', () => {
  focusWaits = true;
  visit += 1;
  draw();
});
window.addEventListener('rewritten', () => draw());
setInterval(() => frame(context()), 1000);
draw();
