// Foreign text and quantities as a person reads them.

// What a browser would hide, or let change the order of other text: controls, marks of writing
// direction, invisible characters, halves of surrogate pairs.
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc\u{e0000}-\u{e0fff}]|\p{Cs}/gu;

// The longest text of one element. A report may hold more; its file has all of it.
const LONGEST = 20000;

/** The text with hidden characters written out, such as \u202e. Line ends and tabs stay. */
export function printable(value) {
  const all = String(value);
  const cut = all.length > LONGEST;
  const text = cut ? all.slice(0, LONGEST) : all;
  const shown = text.replace(/\r\n/g, '\n').replace(HIDDEN, escaped);
  return cut ? `${shown} … and ${count(all.length - LONGEST)} more characters` : shown;
}

/** The longest name of a manifest or VM that lists show whole. */
export const NAME_LENGTH = 80;

/** The beginning of a text that is too long for a list. */
export function short(text, most = NAME_LENGTH) {
  const all = Array.from(String(text ?? '').slice(0, 2 * most));
  return all.length > most ? `${all.slice(0, most - 1).join('')}…` : all.join('');
}

function escaped(character) {
  const code = character.codePointAt(0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/** 10,000 */
export function count(number) {
  return Math.trunc(Number(number) || 0).toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "1 VM", "3 VMs" */
export function counted(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** 148.3 MiB */
export function size(bytes) {
  let value = Number(bytes);
  if (!Number.isFinite(value)) {
    return '';
  }
  if (value < 1024) {
    return `${Math.round(value)} B`;
  }
  let unit = -1;
  while (value >= 1024 && unit < 4) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1)} ${'KMGTP'[unit]}iB`;
}

/** 148.3 MiB/s */
export function speed(bytesPerSecond) {
  return Number.isFinite(bytesPerSecond) ? `${size(bytesPerSecond)}/s` : '';
}

/** 0.3 s, 3m 04s, 2h 05m, 3d 4h */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) {
    return '';
  }
  if (seconds < 9.95) {
    return `${Math.max(0, seconds).toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  if (whole < 3600) {
    return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  }
  if (whole < 86400) {
    return `${Math.floor(whole / 3600)}h ${two(Math.floor(whole / 60) % 60)}m`;
  }
  return `${Math.floor(whole / 86400)}d ${Math.floor(whole / 3600) % 24}h`;
}

function two(number) {
  return String(number).padStart(2, '0');
}

/** 43 % */
export function percent(value) {
  return `${Math.floor(Math.min(100, Math.max(0, Number(value) || 0)))} %`;
}

/** Seconds from a time to another, which is in milliseconds; undefined if there is none. */
export function secondsSince(time, now) {
  const from = Date.parse(time);
  return Number.isFinite(from) ? Math.max(0, (now - from) / 1000) : undefined;
}

const TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2})?[^Z+-]*(Z|[+-]\d{2}:?\d{2})?$/;

/** The date of a time, in the daemon's zone: 2026-11-24. */
export function date(time) {
  const parts = TIME.exec(time ?? '');
  return parts ? parts[1] : '';
}

/** The time of day, in the daemon's zone, as its log has it: 03:12:07. */
export function clock(time) {
  const parts = TIME.exec(time ?? '');
  return parts ? parts[2] + (parts[3] ?? '') : '';
}

/** The zone of a time: UTC, +01:00. */
export function zone(time) {
  const parts = TIME.exec(time ?? '');
  return parts && parts[4] ? (parts[4] === 'Z' ? 'UTC' : parts[4]) : '';
}

/** Milliseconds as a time of day in that zone: 03:12:07. */
export function clockIn(milliseconds, inZone) {
  return shifted(milliseconds, inZone).slice(11, 19);
}

/** Milliseconds as a date in that zone: 2026-11-24. */
export function dateIn(milliseconds, inZone) {
  return shifted(milliseconds, inZone).slice(0, 10);
}

function shifted(milliseconds, inZone) {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(inZone ?? '');
  const minutes = parts ? (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3])) : 0;
  return new Date(milliseconds + minutes * 60000).toISOString();
}

/** A word of the API as people write it: not_run is "not run". */
export function words(word) {
  return String(word ?? '').replaceAll('_', ' ');
}
