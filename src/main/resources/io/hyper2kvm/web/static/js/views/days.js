// The days: what ended on each. And one day: what failed, what completed.
import { h } from '../dom.js';
import { paths } from '../api.js';
import * as manifests from '../parts/manifests.js';
import { bar } from '../parts/states.js';
import { to } from '../route.js';
import { count, counted, dateIn, size, zone } from '../text.js';

const DAYS = 31;
const DAY = 86400000;

export const title = ({ parts }) => (parts[0] ? parts[0] : 'Days');

function span({ parts, watched, overview }) {
  if (parts[0]) {
    return paths.days(parts[0], parts[0]);
  }
  const now = watched.timeOf(paths.overview());
  const here = zone(overview?.daemon?.started_at);
  return paths.days(dateIn(now - (DAYS - 1) * DAY, here), dateIn(now, here));
}

function listed(day, state) {
  return paths.list(new URLSearchParams({ state, date: day, limit: '200' }));
}

export function needs(context) {
  const [day] = context.parts;
  return [
    { path: span(context), every: 10000 },
    ...(day ? ['failed', 'completed'].map((state) => ({ path: listed(day, state), every: 10000 })) : []),
  ];
}

export function render(context) {
  const days = context.watched.of(span(context)).value?.days ?? [];
  return context.parts[0] ? oneDay(context, days[0]) : allDays(days);
}

function allDays(days) {
  const shown = [...days].sort((a, b) => (a.date < b.date ? 1 : -1));
  const most = Math.max(1, ...shown.map((day) => day.vms_completed + day.vms_failed));
  return h('div', null,
    h('h1', { tabindex: '-1' }, 'Days'),
    days.some((day) => day.partial) ? h('p', { class: 'muted' }, 'Reports are still being read: some figures will grow.') : null,
    shown.length
      ? manifests.table(
          `The last ${DAYS} days`,
          [['day'], ['completed', 'number'], ['failed', 'number'], ['VMs completed', 'number'], ['VMs failed', 'number'], ['in a bar', 'wide', true], ['written', 'number']],
          shown.map((day) =>
            manifests.row(day.date, [
              [h('a', { class: 'name', href: to(['days', day.date]) }, `${weekday(day.date)} ${day.date}`), 'main'],
              [count(day.completed), 'number', 'completed'],
              [failed(day.failed), 'number', 'failed'],
              [count(day.vms_completed), 'number', 'VMs completed'],
              [failed(day.vms_failed), 'number', 'VMs failed'],
              [bar([{ part: day.vms_failed, kind: 'failed' }, { part: day.vms_completed, kind: 'completed' }], most), 'wide'],
              [size(day.bytes), 'number', 'written'],
            ])),
          'list days',
        )
      : h('p', { class: 'quiet' }, `Nothing ended in the last ${DAYS} days.`));
}

function failed(number) {
  return number ? h('b', { class: 'bad' }, count(number)) : '0';
}

function weekday(day) {
  const at = new Date(`${day}T12:00:00Z`).getUTCDay();
  return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][at] ?? '';
}

function oneDay({ parts, watched }, sums) {
  const [day] = parts;
  const bad = watched.of(listed(day, 'failed')).value;
  const good = watched.of(listed(day, 'completed')).value;
  const codes = new Map();
  (bad?.items ?? []).forEach((one) => codes.set(one.code ?? 'no code', (codes.get(one.code ?? 'no code') ?? 0) + 1));
  return h('div', null,
    h('p', { class: 'up' }, h('a', { href: to(['days']) }, 'Days')),
    h('h1', { tabindex: '-1' }, `${weekday(day)} ${day}`),
    sums
      ? h('p', { class: 'summary' },
          h('span', null, `${counted(sums.completed, 'manifest')} completed, ${count(sums.failed)} failed`),
          h('span', null, `${counted(sums.vms_completed, 'VM')} completed, ${count(sums.vms_failed)} failed`),
          h('span', null, `${size(sums.bytes)} written`))
      : h('p', { class: 'quiet' }, 'Nothing ended on this day.'),
    codes.size
      ? h('section', { 'aria-labelledby': 'codes' },
          h('h2', { id: 'codes' }, 'Why manifests failed'),
          h('ul', { class: 'codes' }, [...codes].sort((a, b) => b[1] - a[1]).map(([code, many]) =>
            h('li', null, h('b', null, count(many)), ' ', h('a', { href: to(['search'], { q: code, date: day, state: 'failed' }) }, h('code', { class: 'code' }, code))))))
      : null,
    part('failed', 'Failed', bad, day, manifests.failed),
    part('completed', 'Completed', good, day, manifests.completed));
}

function part(id, label, list, day, drawn) {
  if (!list?.items.length) {
    return null;
  }
  return h('section', { key: id, 'aria-labelledby': id },
    h('h2', { id }, label),
    drawn(list.items),
    list.next ? h('p', { class: 'more' }, h('a', { href: to(['search'], { state: id, date: day }) }, 'All of them')) : null);
}
