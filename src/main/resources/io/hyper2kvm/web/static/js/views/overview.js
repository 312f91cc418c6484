// What runs, what waits, what ended today, and what is wrong.
import { h } from '../dom.js';
import { change, paths } from '../api.js';
import { confirmed } from '../parts/dialogs.js';
import * as manifests from '../parts/manifests.js';
import { plot, redrawPlot } from '../parts/plot.js';
import { bar } from '../parts/states.js';
import { to } from '../route.js';
import { currentToken } from '../session.js';
import { count, counted, dateIn, duration, secondsSince, short, size, zone } from '../text.js';

export const title = () => 'Overview';

const MOST_WATCHED = 6;

// What keeps all waiting manifests from being taken.
const INTAKE = {
  BLOCKED_BY_LIMIT: 'a free place',
  BLOCKED_BY_DRAIN: 'the end of the drain',
  BLOCKED_BY_STOP: 'the next start of the daemon',
};

export const needs = ({ overview }) => [
  { path: paths.overview(), every: 2000 },
  { path: paths.throughput(), every: 60000 },
  ...atWork(overview).map((one) => ({ path: paths.manifest(one.id), every: 3000 })),
];

function atWork(overview) {
  return (overview?.running ?? []).slice(0, MOST_WATCHED);
}

export function render({ watched, refresh }) {
  const overview = watched.of(paths.overview()).value;
  const throughput = watched.of(paths.throughput()).value;
  const now = watched.timeOf(paths.overview());
  redrawPlot(throughput);
  return h('div', { class: 'columns' },
    h('div', { class: 'first' },
      h('h1', { class: 'unseen', tabindex: '-1' }, 'Overview'),
      figures(overview, now),
      conditions(overview, now),
      lists(overview, now, watched)),
    h('aside', { 'aria-label': 'The machine' },
      h('section', { 'aria-labelledby': 'throughput' },
        h('h2', { id: 'throughput' }, 'Throughput, last 24 hours'),
        throughput ? plot(throughput) : h('p', { class: 'muted' }, 'Loading…')),
      folders(overview),
      drain(overview, refresh)));
}

function figures(overview, now) {
  const counts = overview.counts;
  const today = dateIn(now, zone(overview.daemon.started_at));
  const oldest = secondsSince(overview.oldest_waiting_at, now);
  return h('dl', { class: 'figures-strip' },
    figure('running', counts.running, to(['search'], { state: 'running' }),
      `${counted(counts.vms_running, 'VM')} at work${counts.vms_waiting ? `, ${count(counts.vms_waiting)} waiting` : ''}`, 'running'),
    figure('waiting', counts.waiting, to(['search'], { state: 'waiting' }),
      counts.waiting && oldest !== undefined ? `the oldest for ${duration(oldest)}` : 'nothing waits', 'waiting'),
    figure('failed today', counts.failed_today, to(['search'], { state: 'failed', date: today }),
      counts.failed_today ? 'see what happened' : 'nothing failed', 'failed'),
    figure('completed today', counts.completed_today, to(['search'], { state: 'completed', date: today }), '', 'completed'));
}

function figure(label, number, href, detail, kind) {
  return h('div', { class: `figure ${kind} ${number ? 'some' : 'none'}` },
    h('dt', null, label),
    h('dd', null, h('a', { href, class: 'big', 'aria-label': `${count(number)} ${label}, list them` }, count(number)), h('span', { class: 'muted' }, detail)));
}

const MOST_CONDITIONS = 8;

// What a manifest failed by stands with it, in the list of those that failed.
function conditions(overview, now) {
  const failed = new Set((overview.failed_today ?? []).map((one) => one.id));
  const all = (overview.conditions ?? []).filter((one) => !failed.has(one.manifest_id));
  const shown = all.map((one, at) => condition(one, now, `${one.code} ${one.manifest_id ?? ''} ${one.title} ${at}`));
  return h('section', { 'aria-labelledby': 'conditions', class: 'conditions' },
    h('h2', { id: 'conditions' }, 'What is wrong, and what to do'),
    all.length
      ? [
          h('ul', null, shown.slice(0, MOST_CONDITIONS)),
          shown.length > MOST_CONDITIONS
            ? h('details', { key: 'more' }, h('summary', null, `${count(shown.length - MOST_CONDITIONS)} more`), h('ul', null, shown.slice(MOST_CONDITIONS)))
            : null,
        ]
      : h('p', { class: 'quiet' }, failed.size ? 'Nothing keeps the daemon from its work. What failed today is below.' : 'Nothing is wrong.'));
}

function condition(one, now, key) {
  const since = secondsSince(one.since, now);
  return h('li', { class: `condition ${['error', 'warning'].includes(one.severity) ? one.severity : 'info'}`, key },
    h('p', { class: 'title' },
      h('span', { class: 'severity' }, one.severity), ' ',
      one.manifest_id ? h('a', { href: to(['manifest', one.manifest_id]) }, short(one.title, 200)) : short(one.title, 200),
      since === undefined ? null : h('span', { class: 'muted' }, ` for ${duration(since)}`)),
    one.detail ? h('p', null, one.detail) : null,
    one.hint ? h('p', { class: 'hint' }, one.hint) : null);
}

function lists(overview, now, watched) {
  const vms = new Map(atWork(overview).map((one) => [one.id, watched.of(paths.manifest(one.id)).value?.vm_list]));
  const all = overview.conditions ?? [];
  const own = new Map(all.filter((one) => one.manifest_id).map((one) => [one.manifest_id, one]));
  const general = all.find((one) => INTAKE[one.code]);
  const waitsFor = (id) => own.get(id)?.detail ?? INTAKE[general?.code] ?? 'its turn';
  const hint = (id) => own.get(id)?.hint;
  const counts = overview.counts;
  return [
    list('running', 'Running', counts.running, overview.running, (list_) => manifests.running(list_, now, vms), idle(overview), { state: 'running' }),
    list('failed', 'Failed today', counts.failed_today, overview.failed_today, (list_) => manifests.failed(list_, hint), '', { state: 'failed' }),
    list('waiting', 'Waiting', counts.waiting, overview.waiting, (list_) => manifests.waiting(list_, now, waitsFor), '', { state: 'waiting' }),
    list('completed', 'Completed today', counts.completed_today, overview.completed_today, manifests.completed, '', { state: 'completed' }),
  ];
}

function list(id, label, all, shown, drawn, none, query) {
  if (!shown?.length && !none) {
    return null;
  }
  const more = all - (shown?.length ?? 0);
  return h('section', { key: id, 'aria-labelledby': id },
    h('h2', { id }, label, h('span', { class: 'count' }, ` ${count(all)}`)),
    shown?.length ? drawn(shown) : h('p', { class: 'quiet' }, none),
    more > 0 ? h('p', { class: 'more' }, h('a', { href: to(['search'], query) }, `${count(more)} more`)) : null);
}

function idle(overview) {
  return overview.counts.waiting
    ? 'Nothing runs.'
    : ['Nothing runs. Drop a manifest into ', h('code', null, `${overview.workflow_dir}/to_be_processed`), ', or ', h('a', { href: to(['submit']) }, 'submit one'), '.'];
}

function folders(overview) {
  const all = overview.folders ?? [];
  return h('section', { 'aria-labelledby': 'folders' },
    h('h2', { id: 'folders' }, 'Free space'),
    h('ul', { class: 'folders' }, all.map((one) => {
      const used = one.total > 0 ? (100 * (one.total - one.free)) / one.total : 0;
      const kind = used >= 97 ? 'failed' : used >= 90 ? 'warning' : 'used';
      return h('li', { key: one.path },
        h('span', { class: 'space' }, h('strong', null, size(one.free)), ` free of ${size(one.total)}`),
        h('span', { class: 'folder' }, one.name),
        bar([{ part: used, kind }], 100),
        h('span', { class: 'path' }, one.path));
    })));
}

function drain(overview, refresh) {
  const daemon = overview.daemon;
  if (daemon.read_only !== false || !currentToken()) {
    return null;
  }
  const draining = daemon.draining;
  return h('section', { 'aria-labelledby': 'drain' },
    h('h2', { id: 'drain' }, 'Intake'),
    h('p', null, draining ? 'The daemon is drained: nothing new begins.' : 'The daemon takes manifests.'),
    draining
      ? h('button', {
          on: {
            click: () =>
              confirmed('Take manifests again?', ['What waits is taken as before.'], 'Take them', async () => {
                await change('DELETE', paths.drain());
                refresh(paths.overview());
              }),
          },
        }, 'Take manifests again')
      : h('button', {
          on: {
            click: () =>
              confirmed(
                'Drain the daemon?',
                ['What runs goes on to its end. No further manifest is taken until you say so or the daemon is started again.'],
                'Drain',
                async () => {
                  await change('POST', paths.drain());
                  refresh(paths.overview());
                },
              ),
          },
        }, 'Drain…'));
}

