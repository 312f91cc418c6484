// Lists of manifests.
import { h } from '../dom.js';
import { to } from '../route.js';
import { clock, count, counted, date, duration, percent, secondsSince, short, speed, NAME_LENGTH } from '../text.js';
import { bar, state, vmsBar } from './states.js';

const MOST_AT_WORK = 16;

/** How long a VM still takes in its stage, as far as that is known. */
export function left(vm) {
  return vm.seconds_left === undefined || vm.seconds_left === null ? '' : duration(Math.round(vm.seconds_left));
}

/** The manifest's name as a link; its file's name below where that says more. */
export function named(one) {
  const name = one.name || one.file;
  const file = one.file && one.file.replace(/\.(json|ya?ml)$/, '') !== name ? one.file : null;
  return [
    h('a', { href: to(['manifest', one.id]), class: 'name', title: name.length > NAME_LENGTH ? name : null }, short(name)),
    file ? h('span', { class: 'file' }, short(file)) : null,
  ];
}

/** How many VMs have ended, of how many. */
export function progress(one) {
  const vms = one.vms ?? {};
  if (!vms.total) {
    return null;
  }
  const ended = (vms.completed ?? 0) + (vms.failed ?? 0);
  const failed = vms.failed ? h('span', { class: 'bad' }, `, ${count(vms.failed)} failed`) : null;
  return vms.total === 1 && !ended
    ? percent(one.percent)
    : [`${count(ended)} of ${counted(vms.total, 'VM')}`, failed];
}

export function table(caption, heads, rows, kind) {
  return h(
    'table',
    { class: kind, role: 'table' },
    h('caption', { class: 'unseen' }, caption),
    h('thead', { role: 'rowgroup' },
      h('tr', { role: 'row' }, heads.map(([label, style, silent]) =>
        h('th', { scope: 'col', role: 'columnheader', class: style }, silent ? h('span', { class: 'unseen' }, label) : label)))),
    h('tbody', { role: 'rowgroup' }, rows),
  );
}

/** A row; the first cell names it. */
export function row(key, cells, style) {
  return h(
    'tr',
    { key, role: 'row', class: style },
    cells.map(([content, kind, label], at) =>
      at === 0
        ? h('th', { scope: 'row', role: 'rowheader', class: kind, 'data-label': label }, content)
        : h('td', { role: 'cell', class: kind, 'data-label': label }, content)),
  );
}

/** @param vms the VMs of a manifest, by its id, as far as they are known */
export function running(list, now, vms) {
  return table(
    'Manifests that run, each with its VMs at work',
    [['manifest', 'main'], ['VMs'], ['progress', 'wide', true], ['speed', 'number'], ['left', 'number'], ['for', 'number']],
    list.flatMap((one) => {
      const atWork = (vms.get(one.id) ?? []).map((vm, at) => ({ vm, number: at + 1 })).filter(({ vm }) => vm.status === 'running');
      const alone = one.vms?.total === 1 ? atWork[0]?.vm : undefined;
      const whole = row(one.id, [
        [named(one), 'main'],
        [alone ? doing(alone) : progress(one), 'text'],
        [one.vms?.total > 1 ? vmsBar(one.vms) : bar([{ part: alone ? alone.percent : one.percent, kind: 'running' }], 100), 'wide'],
        [speed(alone?.bytes_per_second), 'number', 'speed'],
        [alone ? left(alone) : '', 'number', 'left'],
        [duration(secondsSince(one.started_at ?? one.since, now)), 'number', 'for'],
      ]);
      return alone ? [whole] : [whole, ...atWork.slice(0, MOST_AT_WORK).map(({ vm, number }) => vmAtWork(one, vm, number, now))];
    }),
    'list running',
  );
}

function vmAtWork(manifest, vm, number, now) {
  return row(`${manifest.id} ${number}`, [
    [h('a', { href: to(['manifest', manifest.id, 'vm', String(number)]) }, short(vm.name)), 'main'],
    [doing(vm), 'text'],
    [vm.percent > 0 ? bar([{ part: vm.percent, kind: 'running' }], 100) : null, 'wide'],
    [speed(vm.bytes_per_second), 'number', 'speed'],
    [left(vm), 'number', 'left'],
    [duration(secondsSince(vm.started_at, now)), 'number', 'for'],
  ], 'vm');
}

function doing(vm) {
  return [
    vm.stage ?? 'begins',
    vm.percent > 0 ? ` ${percent(vm.percent)}` : null,
    vm.waiting_for ? h('span', { class: 'warn' }, `, waits for ${vm.waiting_for}`) : null,
  ];
}

/** @param waitsFor what a manifest waits for, by its id */
export function waiting(list, now, waitsFor) {
  return table(
    'Manifests that wait',
    [['manifest', 'main'], ['waits for'], ['waiting', 'number']],
    list.map((one) =>
      row(one.id, [
        [named(one), 'main'],
        [one.begins_at ? `its time, ${one.begins_at.slice(0, 16).replace('T', ' ')}` : waitsFor(one.id), 'text'],
        [duration(secondsSince(one.since, now)), 'number', 'waiting'],
      ])),
    'list waiting',
  );
}

/** @param hint what to do about a manifest, by its id, as far as that is known */
export function failed(list, hint = () => undefined) {
  return table(
    'Manifests that failed',
    [['manifest', 'main'], ['what happened'], ['VMs failed', 'number'], ['at', 'number']],
    list.map((one) =>
      row(one.id, [
        [named(one), 'main'],
        [[h('code', { class: 'code' }, one.code ?? 'no readable error file'), firstLine(one.error), hinted(hint(one.id))], 'text'],
        [one.vms?.total ? `${count(one.vms.failed ?? 0)} of ${count(one.vms.total)}` : '', 'number', 'VMs failed'],
        [clock(one.completed_at ?? one.since), 'number', 'at'],
      ])),
    'list failed',
  );
}

export function completed(list) {
  return table(
    'Manifests that completed',
    [['manifest'], ['VMs', 'number'], ['took', 'number'], ['at', 'number']],
    list.map((one) =>
      row(one.id, [
        [named(one), 'main'],
        [one.vms?.total ? count(one.vms.total) : '', 'number', 'VMs'],
        [duration(one.seconds), 'number', 'took'],
        [clock(one.completed_at ?? one.since), 'number', 'at'],
      ])),
    'list completed',
  );
}

/** Manifests of any state, as a search finds them. */
export function mixed(list) {
  return table(
    'Manifests found',
    [['manifest', 'main'], ['state'], ['VMs', 'number'], ['took', 'number'], ['when', 'number']],
    list.map((one) =>
      row(one.id, [
        [named(one), 'main'],
        [[state(one.state), one.code ? h('code', { class: 'code' }, one.code) : null], 'text'],
        [one.vms?.total ? count(one.vms.total) : '', 'number', 'VMs'],
        [duration(one.seconds), 'number', 'took'],
        [when(one), 'number', 'when'],
      ])),
    'list mixed',
  );
}

function when(one) {
  const time = one.completed_at ?? one.started_at ?? one.since;
  return `${one.date ?? date(time)} ${clock(time).slice(0, 5)}`;
}

function hinted(hint) {
  return hint ? h('span', { class: 'hint' }, short(hint, 300)) : null;
}

function firstLine(text) {
  return text ? h('span', { class: 'line' }, short(String(text).split('\n', 1)[0], 300)) : null;
}
