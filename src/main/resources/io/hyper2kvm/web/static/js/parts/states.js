// The states of manifests, VMs and stages: a sign and a word, never a colour alone.
import { h, s } from '../dom.js';
import { duration, percent, words } from '../text.js';

const SIGNS = { completed: '✓', passed: '✓', success: '✓', failed: '✕', warning: '!', skipped: '–' };

const KNOWN = ['completed', 'passed', 'success', 'failed', 'warning', 'skipped', 'running', 'waiting', 'not_run'];

/** A word that may be the name of a class: none but a known one. */
export function known(word) {
  return KNOWN.includes(word) ? word : 'other';
}

/** ✓ completed */
export function state(word) {
  return h('span', { class: `state ${known(word)}` }, SIGNS[word] ? h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[word]) : null, words(word));
}

export const STAGES = ['load', 'inspect', 'fix', 'convert', 'validate'];

/** What one stage of a VM has come to. */
export function stage(one) {
  const status = one?.status === 'success' ? 'completed' : (one?.status ?? 'waiting');
  const time = duration(one?.seconds);
  if (status === 'running') {
    const known = one.percent > 0;
    return [
      h('span', { class: 'stage running' }, known ? percent(one.percent) : (time || '…'), h('span', { class: 'unseen' }, ' running')),
      known ? bar([{ part: one.percent, kind: 'running' }], 100) : null,
    ];
  }
  const sign = SIGNS[status] ?? '·';
  const spoken = { completed: ' completed', failed: ' failed', skipped: 'skipped' }[status] ?? 'not begun';
  return h(
    'span',
    { class: `stage ${known(status)}` },
    h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
    status === 'skipped' ? null : time,
    h('span', { class: 'unseen' }, spoken),
  );
}

/** A bar of parts of a whole; a text beside it has to say the same. */
export function bar(parts, whole) {
  let from = 0;
  const drawn = parts
    .filter(({ part }) => part > 0)
    .map(({ part, kind }) => {
      const width = whole > 0 ? (100 * part) / whole : 0;
      const rect = s('rect', { class: kind, x: `${from.toFixed(3)}%`, width: `${width.toFixed(3)}%`, height: '100%' });
      from += width;
      return rect;
    });
  return s('svg', { class: 'bar', 'aria-hidden': 'true', focusable: 'false' }, drawn);
}

/** How the VMs of a manifest stand, as a bar. */
export function vmsBar(vms) {
  return bar(
    ['failed', 'completed', 'running'].map((kind) => ({ kind, part: vms?.[kind] ?? 0 })),
    vms?.total || 1,
  );
}
