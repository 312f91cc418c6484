// The VMs of a manifest, one row each, with the five stages.
import { h } from '../dom.js';
import { rewrite, to } from '../route.js';
import { count, counted, duration, secondsSince, short, speed } from '../text.js';
import { left, row, table } from './manifests.js';
import { STAGES, known, stage } from './states.js';

const ORDER = ['failed', 'running', 'waiting', 'completed'];
const MOST_ROWS = 500;

/** @param query what of it is shown: `state`, `q` */
export function vms(manifest, now, query) {
  const all = manifest.vm_list.map((vm, at) => ({ vm, number: at + 1 }));
  const wanted = query.get('state') ?? '';
  const text = (query.get('q') ?? '').toLowerCase();
  const found = all
    .filter(({ vm }) => (!wanted || vm.status === wanted) && (!text || matches(vm, text)))
    .sort((a, b) => ORDER.indexOf(a.vm.status) - ORDER.indexOf(b.vm.status) || a.number - b.number);
  const ended = manifest.state === 'completed' || manifest.state === 'failed';
  return h('section', { 'aria-labelledby': 'vms', key: 'vms' },
    h('h2', { id: 'vms' }, all.length === 1 ? 'Stages' : ['VMs', h('span', { class: 'count' }, ` ${count(all.length)}`)]),
    all.length > 8 ? filters(all, wanted, query) : null,
    table(
      'VMs with their stages; failed and running ones first',
      [['VM'], ...STAGES.map((name) => [name, 'stage-head']), ...(ended ? [['took', 'number'], ['note', 'note', true]] : [['speed', 'number'], ['left', 'number'], ['time', 'number'], ['note', 'note', true]])],
      found.slice(0, MOST_ROWS).map(({ vm, number }) => vmRow(manifest, vm, number, now, ended)),
      'vms',
    ),
    found.length
      ? null
      : h('p', { class: 'quiet' }, all.length ? 'No VM is like this.' : 'The VMs are not known yet.'),
    found.length > MOST_ROWS ? h('p', { class: 'more' }, `${count(found.length - MOST_ROWS)} more: use the filters.`) : null);
}

function matches(vm, text) {
  return [vm.name, vm.code, vm.stage].some((value) => String(value ?? '').toLowerCase().includes(text));
}

function filters(all, wanted, query) {
  const number = (status) => all.filter(({ vm }) => vm.status === status).length;
  const choose = (changed) => rewrite({ state: query.get('state') ?? '', q: query.get('q') ?? '', ...changed });
  return h('form', { class: 'filters', role: 'search', 'aria-label': 'Which VMs', on: { submit: (event) => event.preventDefault() } },
    h('fieldset', { class: 'segments' },
      h('legend', { class: 'unseen' }, 'State'),
      [['', 'all', all.length], ...ORDER.map((status) => [status, status, number(status)])].map(([value, label, many]) =>
        h('label', { key: `s ${value}`, class: `${value} ${many ? '' : 'none'}` },
          h('input', { type: 'radio', name: 'state', value, checked: value === wanted, on: { change: () => choose({ state: value }) } }),
          h('span', null, label, ' ', h('b', null, count(many)))))),
    h('label', { class: 'unseen', for: 'vm-name' }, 'Name, stage or code'),
    h('input', { id: 'vm-name', type: 'search', value: query.get('q') ?? '', placeholder: 'name, stage or code', autocomplete: 'off', spellcheck: 'false', on: { input: (event) => choose({ q: event.target.value }) } }));
}

function vmRow(manifest, vm, number, now, ended) {
  const byName = new Map((vm.stages ?? []).map((one) => [one.name, one]));
  const rest = ended
    ? [[duration(vm.seconds), 'number', 'took']]
    : [
        [vm.status === 'running' ? speed(vm.bytes_per_second) : '', 'number', 'speed'],
        [vm.status === 'running' ? left(vm) : '', 'number', 'left'],
        [duration(vm.seconds ?? secondsSince(vm.started_at, now)), 'number', 'time'],
      ];
  return row(`vm ${number}`, [
    [h('a', { class: 'name', href: to(['manifest', manifest.id, 'vm', String(number)]) }, short(vm.name)), 'main'],
    ...STAGES.map((name) => [stage(byName.get(name)), 'stage-cell', name]),
    ...rest,
    [note(vm), 'note'],
  ], known(vm.status));
}

/** What else there is to say of a VM, in a few words. */
export function note(vm) {
  if (vm.status === 'failed') {
    return h('code', { class: 'code' }, vm.code ?? 'failed');
  }
  if (vm.waiting_for) {
    return h('span', { class: 'warn' }, `waits for ${vm.waiting_for}`);
  }
  if (vm.status === 'waiting') {
    return h('span', { class: 'muted' }, 'waits for a place');
  }
  if (vm.expected_seconds_left !== undefined) {
    const left = vm.expected_seconds_left;
    return h('span', { class: 'muted' }, left > 0 ? `about ${duration(left)} left, by ${counted(vm.expected_from_vms ?? 0, 'earlier VM')}` : 'longer than expected');
  }
  return [
    vm.reused ? h('span', { class: 'muted' }, 'reused ') : null,
    vm.warnings?.length ? h('span', { class: 'warn' }, counted(vm.warnings.length, 'warning')) : null,
  ];
}
