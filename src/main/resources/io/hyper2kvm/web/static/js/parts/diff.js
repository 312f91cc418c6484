// A change in a guest's file, before and after.
import { h } from '../dom.js';

const MOST_LINES = 400;
const APART = /([\s"'=,;:]+)/;

/** The lines before and after, with the part that differs marked where one line became one line. */
export function diff(before, after) {
  const old = lines(before);
  const fresh = lines(after);
  const one = old.length === 1 && fresh.length === 1;
  const [from, to] = one ? parted(old[0], fresh[0]) : [old, fresh].map((all) => all.map((line) => [line, '', '']));
  return h('div', { class: 'diff' },
    side('−', 'before', one ? [from] : from, 'del'),
    side('+', 'after', one ? [to] : to, 'ins'));
}

function lines(text) {
  return text ? String(text).replace(/\n$/, '').split('\n') : [];
}

function side(sign, word, all, tag) {
  const rows = all.slice(0, MOST_LINES).map(([begin, middle, end]) =>
    h('span', { class: `row ${word}` },
      h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
      h('span', { class: 'unseen' }, `${word}: `),
      h('code', null, begin, middle ? h(tag, null, middle) : null, end)));
  if (all.length > MOST_LINES) {
    rows.push(h('span', { class: 'row muted' }, `and ${all.length - MOST_LINES} more lines`));
  }
  return rows;
}

// What is equal at the beginning and at the end, cut between words, and what is not.
function parted(old, fresh) {
  const a = old.split(APART);
  const b = fresh.split(APART);
  let head = 0;
  while (head < Math.min(a.length, b.length) && a[head] === b[head]) {
    head += 1;
  }
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) {
    tail += 1;
  }
  return [a, b].map((words) => [
    words.slice(0, head).join(''),
    words.slice(head, words.length - tail).join(''),
    words.slice(words.length - tail).join(''),
  ]);
}
