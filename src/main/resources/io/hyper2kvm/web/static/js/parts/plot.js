// The throughput of the last day: bars, drawn at the width that is there, and the same as a table.
import { h, s, show } from '../dom.js';
import { clock, count, size, speed } from '../text.js';

const HEIGHT = 132;
const LEFT = 68;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 34;

/** The plot; the element keeps the points and the place of the cursor between drawings. */
export function plot(data) {
  return h('figure', { class: 'plot', key: 'plot' },
    h('div', { class: 'canvas', key: 'canvas', island: (element) => begin(element, data) }),
    hours(data));
}

/** Gives the plot that is shown newer points. */
export function redrawPlot(data) {
  const element = document.querySelector('.plot .canvas');
  if (element?.draw && data) {
    element.points = data.points ?? [];
    element.step = data.step_seconds;
    element.draw();
  }
}

function begin(element, data) {
  element.points = data.points ?? [];
  element.step = data.step_seconds;
  element.at = -1;
  element.draw = () => draw(element);
  new ResizeObserver(() => element.draw()).observe(element);
  element.tabIndex = 0;
  element.setAttribute('role', 'img');
  element.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -12, PageDown: 12 }[event.key];
    const last = element.points.length - 1;
    const at = event.key === 'Home' ? 0 : event.key === 'End' ? last : step ? (element.at < 0 ? last : element.at + step) : undefined;
    if (at !== undefined) {
      event.preventDefault();
      move(element, at);
    }
  });
  element.addEventListener('blur', () => move(element, -1));
  element.addEventListener('pointermove', (event) => {
    const box = element.getBoundingClientRect();
    const width = (box.width - LEFT - RIGHT) / element.points.length;
    move(element, Math.floor((event.clientX - box.left - LEFT) / width));
  });
  element.addEventListener('pointerleave', () => move(element, -1));
}

function move(element, at) {
  element.at = at < 0 ? -1 : Math.min(element.points.length - 1, at);
  element.draw();
}

function draw(element) {
  const width = Math.floor(element.clientWidth);
  const points = element.points;
  if (width < 80) {
    return;
  }
  const most = Math.max(0, ...points.map((point) => point.bytes_per_second || 0));
  const top = niceTop(most);
  const inner = width - LEFT - RIGHT;
  const high = HEIGHT - TOP - BOTTOM;
  const step = inner / Math.max(1, points.length);
  const y = (value) => TOP + high * (1 - value / top);
  const x = (at) => LEFT + at * step;
  element.setAttribute('aria-label', described(points, most));
  show(
    element,
    most || element.points.some(hasEnd) ? s('svg', { width, height: HEIGHT, 'aria-hidden': 'true', focusable: 'false' },
      [0, 0.5, 1].map((part) => [
        s('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: y(top * part), y2: y(top * part) }),
        s('text', { x: LEFT - 8, y: y(top * part) + 4, 'text-anchor': 'end' }, part ? speed(top * part).replace('.0 ', ' ') : '0'),
      ]),
      s('path', { class: 'area', d: bars(points, x, y, step) }),
      points.map((point, at) => ended(point, x(at) + step / 2)),
      ticks(points, inner).map((at) =>
        s('text', { x: x(at), y: HEIGHT - 4, 'text-anchor': 'middle' }, clock(points[at].at).slice(0, 5))),
      element.at >= 0
        ? s('line', { class: 'cursor', x1: x(element.at) + step / 2, x2: x(element.at) + step / 2, y1: TOP, y2: HEIGHT - BOTTOM + 12 })
        : null) : null,
    h('p', { class: 'reading', 'aria-live': element.matches(':focus') ? 'polite' : 'off' }, reading(element, most)),
  );
}

// One path for all of them: a day is up to some hundred bars.
function bars(points, x, y, step) {
  const gap = step > 4 ? 1 : 0;
  return points
    .map((point, at) => {
      const value = point.bytes_per_second || 0;
      return value > 0 ? `M${x(at).toFixed(1)} ${y(0)}V${y(value).toFixed(1)}h${(step - gap).toFixed(1)}V${y(0)}z` : '';
    })
    .join('');
}

function hasEnd(point) {
  return point.vms_completed > 0 || point.vms_failed > 0;
}

function ended(point, x) {
  const y = HEIGHT - BOTTOM + 8;
  return [
    point.vms_completed > 0 && !point.vms_failed ? s('circle', { class: 'completed', cx: x, cy: y, r: 2 }) : null,
    point.vms_failed > 0 ? s('path', { class: 'failed', d: `M${x - 3} ${y - 3}l6 6m0-6l-6 6` }) : null,
  ];
}

/** A round number of bytes per second that is at least this many. */
export function niceTop(most) {
  let unit = 1024 * 1024;
  while (unit * 1024 <= most) {
    unit *= 1024;
  }
  const nice = [1, 2, 4, 5, 10, 20, 40, 50, 100, 200, 400, 500, 1000, 1024];
  return unit * (nice.find((number) => number * unit >= most) ?? 1024);
}

// Whole hours, as many as have room.
function ticks(points, width) {
  const whole = points.map((point, at) => [at, clock(point.at)]).filter(([, time]) => time.slice(3, 5) === '00');
  const every = [1, 2, 3, 4, 6, 12].find((hours) => (whole.length / hours) * 52 < width) ?? 12;
  return whole.filter(([, time]) => Number(time.slice(0, 2)) % every === 0).map(([at]) => at);
}

function described(points, most) {
  if (!most) {
    return 'Throughput of the last 24 hours: nothing was written.';
  }
  const peak = points.find((point) => point.bytes_per_second === most);
  return `Throughput of the last 24 hours, at most ${speed(most)} at ${clock(peak.at).slice(0, 5)}. The arrow keys read single values; a table follows.`;
}

function reading(element, most) {
  const point = element.points[element.at];
  if (!point) {
    return most ? `highest ${speed(most)}` : 'nothing was written in the last 24 hours';
  }
  const end = [
    point.vms_completed ? `${count(point.vms_completed)} completed` : '',
    point.vms_failed ? `${count(point.vms_failed)} failed` : '',
  ].filter(Boolean).join(', ');
  return `${clock(point.at).slice(0, 5)}: ${speed(point.bytes_per_second || 0)}${end ? `, VMs: ${end}` : ''}`;
}

function hours(data) {
  const byHour = new Map();
  for (const point of data.points ?? []) {
    const hour = String(point.at).slice(0, 13);
    const sum = byHour.get(hour) ?? { at: point.at, bytes: 0, most: 0, completed: 0, failed: 0 };
    sum.bytes += (point.bytes_per_second || 0) * data.step_seconds;
    sum.most = Math.max(sum.most, point.bytes_per_second || 0);
    sum.completed += point.vms_completed || 0;
    sum.failed += point.vms_failed || 0;
    byHour.set(hour, sum);
  }
  return h('details', null,
    h('summary', null, 'The same by hour, as a table'),
    h('table', { class: 'figures' },
      h('caption', { class: 'unseen' }, 'Throughput by hour'),
      h('thead', null, h('tr', null,
        ['hour', 'written', 'highest', 'VMs completed', 'VMs failed'].map((label, at) => h('th', { scope: 'col', class: at ? 'number' : null }, label)))),
      h('tbody', null, [...byHour.entries()].reverse().map(([hour, sum]) =>
        h('tr', { key: hour },
          h('th', { scope: 'row' }, clock(sum.at).slice(0, 2) + ':00'),
          h('td', { class: 'number' }, size(sum.bytes)),
          h('td', { class: 'number' }, speed(sum.most)),
          h('td', { class: 'number' }, count(sum.completed)),
          h('td', { class: 'number' }, count(sum.failed)))))));
}
