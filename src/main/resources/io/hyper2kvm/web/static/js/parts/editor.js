// A field for a manifest's text with the numbers of its lines.
import { h } from '../dom.js';

const MOST_LINES = 5000;

/**
 * Makes the field in this element; gives it `set`, `mark` and `jump`.
 *
 * @param draft its text at first
 * @param typed is told of each change
 */
export function editor(element, draft, typed) {
  const numbers = h('div', { class: 'numbers', 'aria-hidden': 'true' });
  const field = h('textarea', { id: 'text', rows: '18', spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off', wrap: 'off', 'aria-describedby': 'problems', required: true });
  let wrong = new Set();
  field.value = draft.text;
  element.append(numbers, field);

  function number() {
    const lines = Math.min(MOST_LINES, field.value.split('\n').length);
    while (numbers.childElementCount > lines) {
      numbers.lastElementChild.remove();
    }
    while (numbers.childElementCount < lines) {
      numbers.append(h('span', null, numbers.childElementCount + 1));
    }
    [...numbers.children].forEach((one, at) => one.classList.toggle('wrong', wrong.has(at + 1)));
    numbers.scrollTop = field.scrollTop;
  }

  field.addEventListener('input', () => {
    wrong = new Set();
    number();
    typed(field.value);
  });
  field.addEventListener('scroll', () => (numbers.scrollTop = field.scrollTop));
  element.set = (text) => {
    field.value = text;
    wrong = new Set();
    number();
  };
  element.mark = (lines) => {
    wrong = new Set(lines);
    field.setAttribute('aria-invalid', String(wrong.size > 0));
    number();
  };
  element.jump = (line, column) => {
    const before = field.value.split('\n').slice(0, line - 1);
    const at = before.reduce((sum, text) => sum + text.length + 1, 0);
    field.focus();
    field.setSelectionRange(at + Math.max(0, (column ?? 1) - 1), at + Math.max(0, (column ?? 1) - 1));
    field.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(field).lineHeight));
  };
  number();
}
