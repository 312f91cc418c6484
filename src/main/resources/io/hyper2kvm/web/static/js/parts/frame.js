// What is around every view: the head, how fresh everything is, the foot.
import { h, show } from '../dom.js';
import { current, to } from '../route.js';
import { clock, clockIn, count, date, duration, zone } from '../text.js';
import { currentToken } from '../session.js';
import { askForToken } from './dialogs.js';

const VIEWS = [
  ['overview', 'Overview', []],
  ['search', 'Search', ['search']],
  ['days', 'Days', ['days']],
  ['submit', 'Submit', ['submit']],
];

export function head(overview, stale, redraw) {
  const here = current().name;
  const daemon = overview?.daemon;
  show(
    document.getElementById('head'),
    h('a', { class: 'brand', href: to([]), 'aria-label': 'hyper2kvm, overview' },
      h('img', { src: 'icon.svg', alt: '', width: '20', height: '20' }), 'hyper2kvm'),
    h('nav', { 'aria-label': 'Views' },
      VIEWS.map(([name, label, parts]) =>
        h('a', { key: name, href: to(parts), 'aria-current': here === name ? 'page' : null }, label))),
    h('span', { class: 'where', title: overview?.workflow_dir }, overview?.workflow_dir ?? ''),
    h('span', { class: `link ${stale ? 'lost' : 'live'}` }, stale ? (stale.failed ? 'not reached' : 'out of date') : overview ? 'live' : 'loading'),
    daemon?.read_only === false
      ? h('button', { class: 'quiet', on: { click: () => askForToken(redraw) } }, currentToken() ? 'Token set' : 'Enter token')
      : daemon
        ? h('span', { class: 'muted' }, 'read-only')
        : null,
  );
}

/** Says clearly if what is shown may not be so any more. */
export function staleness(stale, offset, overview, wake) {
  document.body.toggleAttribute('data-stale', Boolean(stale));
  const zoneHere = zone(overview?.daemon?.started_at);
  show(
    document.getElementById('stale'),
    !stale
      ? null
      : stale.failed
        ? h('p', null,
            h('strong', null, stale.error.status ? `The daemon answers with an error (${stale.error.status}).` : stale.error.message),
            ' ',
            stale.seen
              ? `Everything below is as it was at ${clockIn(stale.seen + offset, zoneHere)}, ${duration((Date.now() - stale.seen) / 1000)} ago. It may have changed.`
              : 'Nothing is known yet.',
            ' The page keeps trying. ',
            h('button', { class: 'quiet', on: { click: wake } }, 'Try now'))
        : h('p', null, `Everything below is as it was ${duration((Date.now() - stale.seen) / 1000)} ago. Asking again…`),
  );
}

export function foot(overview) {
  const daemon = overview?.daemon;
  show(
    document.getElementById('foot'),
    daemon
      ? [
          h('span', null, daemon.version ? `hyper2kvm ${daemon.version}` : 'hyper2kvm'),
          daemon.started_at ? h('span', null, `running since ${date(daemon.started_at)} ${clock(daemon.started_at)}`) : null,
          h('span', null, `tools running: ${count(overview.tools_running ?? 0)}`),
          zone(daemon.started_at) ? h('span', null, `times are the daemon’s (${zone(daemon.started_at)})`) : null,
          h('a', { href: 'api/v1/openapi.yaml' }, 'HTTP API'),
        ]
      : null,
  );
}
