// The report of one VM: what it is, what was changed, what was checked, what came out.
import { h } from '../dom.js';
import { paths } from '../api.js';
import { counted, duration, size, words } from '../text.js';
import { diff } from './diff.js';
import { state } from './states.js';

const MOST_CHANGES = 1000;

/**
 * @param vm the VM's part of the report or error file
 * @param screen the address of the boot test's last screen, or undefined
 */
export function report(vm, screen) {
  const stages = vm.stages ?? {};
  return [
    warnings(vm.warnings ?? []),
    h('div', { class: 'pair', key: 'pair' }, outputs(vm, stages), guest(stages.inspect ?? {})),
    changes(stages.fix ?? {}),
    checks(stages.validate ?? {}),
    bootTest(stages.validate?.boot_test, screen),
    sources(stages.load ?? {}),
  ];
}

function section(id, title, ...content) {
  return h('section', { key: id, 'aria-labelledby': id }, h('h2', { id }, title), content);
}

function warnings(all) {
  if (!all.length) {
    return null;
  }
  return section('warnings', counted(all.length, 'warning'),
    h('ul', { class: 'warnings' }, all.map((one) => h('li', null, one))));
}

/** Terms with their values, without those that have none. */
export function facts(all) {
  return h('dl', { class: 'facts' },
    all
      .filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false && !(Array.isArray(value) && !value.length))
      .map(([term, value]) => h('div', null, h('dt', null, term), h('dd', null, value))));
}

function paths_(all) {
  return all.map((path) => h('code', { class: 'path' }, path));
}

function outputs(vm, stages) {
  const artifacts = vm.artifacts ?? {};
  const all = artifacts.outputs ?? (artifacts.output ? [artifacts.output] : []);
  const convert = stages.convert ?? {};
  const plan = vm.plan;
  if (!all.length && !plan && !artifacts.domain_xml && !artifacts.kubevirt_yaml) {
    return null;
  }
  const domain = convert.domain ?? plan?.domain ?? {};
  const xml = convert.domain_xml ?? convert.kubevirt_yaml ?? {};
  return section('outputs', plan ? 'What a run would write' : 'Outputs',
    facts([
      [all.length > 1 ? 'disks' : 'disk', paths_(all)],
      ['planned', (plan?.outputs ?? []).map((one) => h('code', { class: 'path' }, `${one.path} (${words(one.action) || 'nothing'})`))],
      ['format', [convert.output_format, convert.compression_type ? `compressed by ${convert.compression_type}` : null].filter(Boolean).join(', ')],
      ['size', size(convert.size_bytes)],
      ['libvirt domain', artifacts.domain_xml ? h('code', { class: 'path' }, artifacts.domain_xml) : null],
      ['KubeVirt VM', artifacts.kubevirt_yaml ? h('code', { class: 'path' }, artifacts.kubevirt_yaml) : null],
      ['signature', artifacts.signature ? h('code', { class: 'path' }, artifacts.signature) : null],
      ['machine', [
        xml.memory_bytes ? `${size(xml.memory_bytes)} of memory` : null,
        xml.cpus ? counted(xml.cpus, 'processor') : null,
        xml.firmware ? (xml.firmware === 'uefi' ? 'UEFI' : 'BIOS') : null,
        xml.secure_boot ? 'Secure Boot' : null,
      ].filter(Boolean).join(', ')],
      ['assumed', (xml.assumed ?? []).map(words).join(', ')],
      ['disks on', domain.disk_bus ? proof(domain.disk_bus, domain.virtio_disk) : null],
      ['cards are', domain.network_model ? proof(domain.network_model, domain.virtio_card) : null],
      ['networks', (xml.network_cards ?? []).map((card) =>
        h('span', { class: 'item' }, [card.mac, card.bridge ? `bridge ${card.bridge}` : card.network, card.multus, card.pod ? `pod, ${card.pod}` : null, card.vlan ? `VLAN ${card.vlan}` : null].filter(Boolean).join(', ')))],
    ]));
}

function proof(what, proven) {
  return [what, proven?.reason ? h('span', { class: 'muted' }, `: ${proven.reason}`) : null];
}

function guest(inspect) {
  if (!inspect.os && !inspect.os_detected) {
    return null;
  }
  const network = inspect.network ?? {};
  return section('guest', 'Guest',
    facts([
      ['system', inspect.os_detected || inspect.os],
      ['host name', inspect.hostname],
      ['starts by', [inspect.firmware === 'uefi' ? 'UEFI' : inspect.firmware === 'bios' ? 'BIOS' : null, inspect.boot_loader].filter(Boolean).join(', ')],
      ['architecture', inspect.architecture],
      ['kernels', (inspect.kernels ?? []).map((one) => h('span', { class: 'item' }, one.version))],
      ['network', (network.interfaces ?? []).map((one) =>
        h('span', { class: 'item' }, `${one.name || one.mac || 'a card'}: ${(one.addresses ?? []).join(', ') || 'no address'}`))],
      ['guest agent', inspect.guest_agent === undefined ? null : inspect.guest_agent ? 'installed' : 'not installed'],
    ]));
}

function changes(fix) {
  const all = fix.fixes_applied ?? [];
  if (!all.length) {
    return null;
  }
  const number = all.reduce((sum, one) => sum + (one.changes?.length ?? 0), 0);
  return section('changes', ['Changes in the guest', h('span', { class: 'count' }, ` ${number}`)], all.map(applied));
}

function applied(fix) {
  const list = fix.changes ?? [];
  return h('div', { class: 'fix', key: `fix ${fix.fix}` },
    h('h3', null, fix.fix, ' ', h('span', { class: fix.status === 'failed' ? 'bad' : 'muted' }, words(fix.status))),
    fix.reason ? h('p', null, fix.reason) : null,
    (fix.failures ?? []).map((one) => h('p', { class: 'bad' }, one)),
    list.length
      ? h('ol', { class: 'changes' }, list.slice(0, MOST_CHANGES).map(change))
      : null,
    fix.left_alone?.length
      ? h('details', null,
          h('summary', null, `${counted(fix.left_alone.length, 'line')} left alone`),
          h('ul', { class: 'changes' }, fix.left_alone.slice(0, MOST_CHANGES).map((one) =>
            h('li', null, place(one), h('p', null, one.reason), h('pre', { tabindex: '0' }, one.text)))))
      : null);
}

function change(one) {
  return h('li', null,
    place(one),
    h('p', { class: 'reason' }, one.reason, one.rule ? h('span', { class: 'rule' }, one.rule) : null),
    diff(one.before, one.after));
}

function place(one) {
  return h('p', { class: 'place' },
    h('code', null, one.file),
    one.line === undefined ? null : h('span', { class: 'muted' }, ` line ${one.line}`),
    one.key === undefined ? null : h('code', null, ` ${one.key}\\${one.value || '(Default)'}`));
}

function checks(validate) {
  const all = validate.checks ?? [];
  if (!all.length) {
    return null;
  }
  return section('checks', 'Checks',
    h('table', { class: 'checks', role: 'table' },
      h('caption', { class: 'unseen' }, 'Checks of the result'),
      h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ['check', 'result', 'detail'].map((label) => h('th', { scope: 'col', role: 'columnheader' }, label)))),
      h('tbody', { role: 'rowgroup' }, all.map((one) =>
        h('tr', { role: 'row' },
          h('th', { scope: 'row', role: 'rowheader' }, words(one.name)),
          h('td', { role: 'cell' }, state(one.status)),
          h('td', { role: 'cell', class: 'text' }, one.detail))))));
}

function bootTest(test, screen) {
  if (!test && !screen) {
    return null;
  }
  const one = test ?? {};
  return section('boot', 'Boot test',
    facts([
      ['result', test ? (one.booted ? `booted in ${duration(one.duration_seconds)}` : `did not boot: ${words(one.failure)}`) : null],
      ['network', one.network_up === undefined ? null : one.network_up ? 'the guest used an address' : 'no address was seen'],
      ['hardware', [one.disk_bus ? `disks on ${one.disk_bus}` : null, one.network_model ? `card ${one.network_model}` : null, one.accelerator === 'tcg' ? 'emulated processor' : one.accelerator].filter(Boolean).join(', ')],
    ]),
    one.evidence?.length
      ? h('ol', { class: 'evidence' }, one.evidence.map((sign) => h('li', null, sign)))
      : null,
    screen ? h('img', { class: 'screen', src: screen, alt: 'The last screen of the boot test', loading: 'lazy' }) : null,
    one.screen ? h('details', { open: !screen }, h('summary', null, 'Text on its screen'), h('pre', { tabindex: '0' }, one.screen)) : null,
    one.serial ? h('details', { open: true }, h('summary', null, 'Its serial port'), h('pre', { tabindex: '0' }, one.serial)) : null);
}

function sources(load) {
  const all = load.artifacts ?? [];
  if (!all.length) {
    return null;
  }
  return section('sources', 'Sources',
    h('ul', { class: 'sources' }, all.map((disk) =>
      h('li', null,
        h('code', { class: 'path' }, disk.path, disk.member ? ` (${disk.member})` : null),
        h('span', { class: 'muted' }, [disk.format, disk.subformat === 'none' ? null : disk.subformat, size(disk.virtual_size_bytes)].filter(Boolean).join(', '))))));
}

/** The address of a VM's screen, if there is one. */
export function screenOf(id, vm, number) {
  return vm?.screen === true ? `api/v1${paths.screen(id, number)}` : undefined;
}
