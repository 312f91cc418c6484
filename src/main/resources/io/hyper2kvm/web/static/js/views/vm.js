// One VM of a batch.
import { h } from '../dom.js';
import { paths } from '../api.js';
import { failureCard } from '../parts/failure.js';
import { report, screenOf } from '../parts/report.js';
import { state } from '../parts/states.js';
import { vms } from '../parts/vms.js';
import { to } from '../route.js';
import { count, duration } from '../text.js';
import { absent, ended, space } from './manifest.js';

export { follow } from './manifest.js';

export const title = (context) => found(context).vm?.name ?? 'VM';

export function needs({ parts, watched }) {
  const manifest = watched.of(paths.manifest(parts[0])).value;
  return [
    { path: paths.manifest(parts[0]), every: manifest && ended(manifest) ? 30000 : 2000 },
    ...(manifest?.has_report ? [{ path: paths.report(parts[0]), every: 0 }] : []),
  ];
}

function found({ parts, watched }) {
  const manifest = watched.of(paths.manifest(parts[0])).value;
  const number = Number(parts[2]);
  return { manifest, number, vm: manifest?.vm_list?.[number - 1] };
}

export function render(context) {
  const { manifest, number, vm } = found(context);
  const whole = context.watched.of(paths.report(context.parts[0])).value;
  const up = h('p', { class: 'up' }, h('a', { href: to(['manifest', manifest.id]) }, manifest.name || manifest.file), ` · VM ${count(number)} of ${count(manifest.vm_list?.length ?? 0)}`);
  if (!vm) {
    return h('div', null, up, h('h1', { tabindex: '-1' }, 'VM'), h('p', null, 'There is no such VM in this manifest.'));
  }
  const list = whole?.vms;
  const part = list ? (list.find((one) => one.name === vm.name) ?? list[number - 1]) : whole;
  const one = { ...manifest, vm_list: [vm] };
  return h('div', null,
    h('div', { class: 'top' },
      up,
      h('h1', { tabindex: '-1' }, vm.name),
      h('p', { class: 'summary' }, state(vm.status),
        vm.stage && vm.status !== 'completed' ? h('span', null, `in ${vm.stage}`) : null,
        vm.seconds === undefined ? null : h('span', null, `after ${duration(vm.seconds)}`),
        vm.reused ? h('span', null, 'reused from an earlier run') : null)),
    vm.status === 'failed' ? failureCard({ ...(part?.code ? part : {}), ...definite(vm), docs: manifest.failure?.code === vm.code ? manifest.failure?.docs : undefined }) : null,
    vms(one, context.watched.timeOf(paths.manifest(manifest.id)), new URLSearchParams()),
    vm.savings ? h('p', { class: 'aside' }, `Space: ${space(vm.savings)}.`) : null,
    part ? report(part, screenOf(manifest.id, vm, number)) : h('p', { class: 'muted' }, ended(manifest) ? absent(context.watched.of(paths.report(manifest.id)).error) : 'Its report is there when the manifest has ended.'));
}

function definite(vm) {
  return Object.fromEntries(['code', 'error', 'hint', 'stage'].filter((key) => vm[key] != null).map((key) => [key, vm[key]]));
}
