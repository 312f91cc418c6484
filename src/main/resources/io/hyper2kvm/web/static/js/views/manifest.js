// One manifest: its VMs while it runs, its report when it has ended.
import { h } from '../dom.js';
import { BASE, change, paths, read } from '../api.js';
import { confirmed } from '../parts/dialogs.js';
import { failureCard } from '../parts/failure.js';
import { report, screenOf } from '../parts/report.js';
import { state, vmsBar } from '../parts/states.js';
import { vms } from '../parts/vms.js';
import { current, replace, to } from '../route.js';
import { currentToken } from '../session.js';
import { clock, count, counted, date, duration, percent, secondsSince, size, words } from '../text.js';

const MOST_WARNINGS = 5;
const WAY = ['waiting', 'running', 'failed', 'completed'];
let following = '';

/**
 * A manifest's id changes when it moves on. The daemon knows for a while where it is; later it is
 * looked for by its name. It is shown where it is now, without a new page.
 */
export async function follow({ parts, watched }) {
  const { value, error } = watched.of(paths.manifest(parts[0]));
  if (!value || following === parts[0]) {
    return;
  }
  following = parts[0];
  try {
    const id = error?.status === 404 ? (await found(value))?.id : value.id;
    const here = current();
    if (id && id !== parts[0] && here.name === 'manifest' && here.parts[0] === parts[0]) {
      watched.moved(paths.manifest(parts[0]), paths.manifest(id));
      replace(['manifest', id, ...here.parts.slice(1)], Object.fromEntries(here.query));
    }
  } catch {
    // The next answer to the page is another try.
  }
  following = '';
}

async function found(manifest) {
  const name = manifest.name || manifest.file;
  const { value } = await read(paths.list(new URLSearchParams({ q: name, limit: '50' })));
  return value.items.find(
    (one) => one.id !== manifest.id && (one.name || one.file) === name && WAY.indexOf(one.state) >= WAY.indexOf(manifest.state),
  );
}

export const title = ({ parts, watched }) => watched.of(paths.manifest(parts[0])).value?.name ?? 'Manifest';

export function needs({ parts, watched }) {
  const manifest = watched.of(paths.manifest(parts[0])).value;
  const over = manifest && ended(manifest);
  return [
    { path: paths.manifest(parts[0]), every: over ? 30000 : 2000 },
    ...(over && manifest.has_report && manifest.vm_list?.length === 1 ? [{ path: paths.report(parts[0]), every: 0 }] : []),
  ];
}

/** Whether nothing more will happen to it by itself. */
export function ended(manifest) {
  return manifest.state === 'completed' || manifest.state === 'failed';
}

export function render({ parts, query, watched, overview, refresh }) {
  const manifest = watched.of(paths.manifest(parts[0])).value;
  const now = watched.timeOf(paths.manifest(parts[0]));
  const list = manifest.vm_list ?? [];
  const single = list.length === 1;
  const whole = watched.of(paths.report(parts[0])).value;
  const part = whole ? (whole.vms?.[0] ?? whole) : undefined;
  const failed = single ? part : whole?.vms?.find((one) => one.name === manifest.failure?.vm);
  return h('div', null,
    top(manifest, now),
    gone(watched.of(paths.manifest(parts[0])).error),
    actions(manifest, overview, refresh),
    blocked(manifest),
    manifest.failure ? failureCard({ ...tool(failed), ...manifest.failure }, single ? '' : manifest.failure.vm) : null,
    retryManifest(manifest),
    !single && manifest.warnings?.length
      ? h('section', { 'aria-labelledby': 'warnings' },
          h('h2', { id: 'warnings' }, counted(manifest.warnings.length, 'warning')),
          some(manifest.warnings))
      : null,
    list.length ? vms(manifest, now, query) : null,
    manifest.savings ? h('p', { class: 'aside' }, `Space: ${space(manifest.savings)}.`) : null,
    single && part ? report(part, screenOf(manifest.id, list[0], 1)) : null,
    single && ended(manifest) && manifest.has_report && !part ? h('p', { class: 'muted' }, absent(watched.of(paths.report(parts[0])).error)) : null);
}

/** What became of the space of disks, in words. */
export function space(savings) {
  return [
    `${size(savings.virtual_size_bytes)} as the guest sees it`,
    savings.source_data_bytes === undefined ? '' : `${size(savings.source_data_bytes)} of data`,
    savings.trimmed_bytes === undefined ? '' : `${size(savings.trimmed_bytes)} of it given back by deleted blocks`,
    `${size(savings.output_size_bytes)} written`,
    savings.output_allocated_bytes === undefined ? '' : `${size(savings.output_allocated_bytes)} on disk`,
  ].filter(Boolean).join(', ');
}

function some(warnings) {
  const all = warnings.map((one) => h('li', null, one));
  return [
    h('ul', { class: 'warnings' }, all.slice(0, MOST_WARNINGS)),
    all.length > MOST_WARNINGS
      ? h('details', null, h('summary', null, `${count(all.length - MOST_WARNINGS)} more`), h('ul', { class: 'warnings' }, all.slice(MOST_WARNINGS)))
      : null,
  ];
}

/** Why a report is not shown. */
export function absent(error) {
  return error ? `The report cannot be shown: ${error.message}` : 'Loading the report…';
}

const REASONS = {
  limit: 'a limit',
  drain: 'the drain',
  schedule: 'its schedule',
  stop: 'the stop of the daemon',
  space: 'want of space',
  report_space: 'want of space for its report',
};

// It is said that this is the past until the place where it is now is found.
function gone(error) {
  return error?.status === 404
    ? h('p', { class: 'card blocked' }, 'It is not here any more; what is shown was so before. Looking for where it is now…')
    : null;
}

function tool(part) {
  return part?.command || part?.stderr_tail
    ? { command: part.command, exit_code: part.exit_code, stderr_tail: part.stderr_tail }
    : {};
}

function top(manifest, now) {
  const vms = manifest.vms ?? {};
  const over = (vms.completed ?? 0) + (vms.failed ?? 0);
  const told = {
    waiting: () => [`since ${clock(manifest.since)}, for ${duration(secondsSince(manifest.since, now))}`],
    running: () => [
      `for ${duration(secondsSince(manifest.started_at ?? manifest.since, now))}`,
      vms.total > 1 ? `${count(over)} of ${counted(vms.total, 'VM')} ended` : null,
      manifest.percent === undefined || manifest.percent === null ? null : percent(manifest.percent),
    ],
    completed: () => endOf(manifest, vms),
    failed: () => endOf(manifest, vms),
  }[manifest.state];
  return h('div', { class: 'top' },
    h('h1', { tabindex: '-1' }, manifest.name || manifest.file),
    h('p', { class: 'summary' }, state(manifest.state), (told?.() ?? []).filter(Boolean).map((one) => h('span', null, one))),
    manifest.state === 'running' && vms.total > 1 ? vmsBar(vms) : null,
    h('p', { class: 'muted' }, h('span', { class: 'file' }, manifest.file)));
}

function endOf(manifest, vms) {
  return [
    `${date(manifest.completed_at) || manifest.date} ${clock(manifest.completed_at)}`,
    manifest.seconds === undefined ? null : `after ${duration(manifest.seconds)}`,
    vms.total > 1 ? `${count(vms.completed ?? 0)} of ${counted(vms.total, 'VM')} completed` : null,
    manifest.dry_run ? 'dry run: nothing was converted' : null,
  ];
}

function blocked(manifest) {
  const one = manifest.blocked;
  return one
    ? h('section', { class: 'card blocked', 'aria-label': 'Blocked' },
        h('p', { class: 'title' }, h('span', { class: 'severity' }, 'blocked'), ` by ${REASONS[one.reason] ?? words(one.reason)}`),
        one.detail ? h('p', null, one.detail) : null,
        one.hint ? h('p', { class: 'hint' }, h('b', null, 'What to do: '), one.hint) : null)
    : null;
}

function retryManifest(manifest) {
  return manifest.has_retry_manifest
    ? h('p', { class: 'aside' },
        'The VMs that did not succeed are a manifest of their own: ',
        h('a', { href: BASE + paths.retryManifest(manifest.id), download: '' }, 'retry manifest'), '.')
    : null;
}

function actions(manifest, overview, refresh) {
  const may = overview?.daemon?.read_only === false && currentToken();
  const again = () => refresh(paths.manifest(manifest.id));
  return h('div', { class: 'actions' },
    h('a', { href: BASE + paths.text(manifest.id), download: '' }, 'Manifest'),
    manifest.has_report
      ? h('a', { href: BASE + paths.report(manifest.id), download: '' }, manifest.state === 'failed' ? 'Error file' : 'Report')
      : null,
    manifest.state === 'failed'
      ? may
        ? h('button', { class: 'main', on: { click: () => askRetry(manifest) } }, 'Retry…')
        : command('retry', manifest)
      : null,
    ended(manifest)
      ? null
      : may
        ? h('button', { class: 'danger', on: { click: () => askCancel(manifest, again) } }, 'Cancel…')
        : command('cancel', manifest));
}

// Without a token the page names the command that does the same.
function command(verb, manifest) {
  return h('span', { class: 'command' }, h('span', { class: 'muted' }, `to ${verb} it: `), h('code', null, `hyper2kvm ${verb} ${quoted(manifest.file)}`));
}

function quoted(name) {
  return /^[\w.,:@%+-]+$/.test(name) && !name.startsWith('-') ? name : `'${String(name).replaceAll("'", "'\\''")}'`;
}

function askRetry(manifest) {
  const failed = manifest.vms?.failed ?? 0;
  const lines = [
    manifest.vms?.completed
      ? `${counted(manifest.vms.completed, 'VM')} completed and will be reused; ${counted(failed, 'VM')} will run again.`
      : 'It goes back into the drop zone and runs again.',
    'Remove the cause first, or it fails again.',
  ];
  confirmed(`Retry ${manifest.name || manifest.file}?`, lines, 'Retry', async () => {
    const answer = await change('POST', paths.retry(manifest.id));
    location.hash = to(answer.id ? ['manifest', answer.id] : []);
  });
}

function askCancel(manifest, again) {
  const running = manifest.state === 'running';
  const lines = running
    ? [
        `${counted(manifest.vms?.running ?? 0, 'VM')} at work will be ended within seconds; their part files are removed.`,
        'VMs that completed keep their outputs. The manifest ends as failed, with the code CANCELLED.',
      ]
    : ['It has not begun. The manifest ends as failed, with the code CANCELLED.'];
  confirmed(`Cancel ${manifest.name || manifest.file}?`, lines, 'Cancel it', async () => {
    await change('POST', paths.cancel(manifest.id));
    again();
  });
}
