// What went wrong, and what to do.
import { h } from '../dom.js';

/**
 * The failure card.
 *
 * @param failure code, error, hint, stage, and of a tool command, exit_code, stderr_tail
 * @param vm the name of the VM that failed, if it is not clear from the place
 */
export function failureCard(failure, vm) {
  return h('section', { class: 'card failure', 'aria-label': 'Failure' },
    h('p', { class: 'title' },
      h('span', { class: 'state failed' }, h('span', { class: 'sign', 'aria-hidden': 'true' }, '✕'), 'failed'),
      failure.stage ? ` in stage ${failure.stage}` : null,
      vm ? [' of ', h('b', null, vm)] : null,
      h('code', { class: 'code' }, failure.code ?? 'no code')),
    failure.error ? h('p', { class: 'error' }, failure.error) : null,
    failure.hint ? h('p', { class: 'hint' }, h('b', null, 'What to do: '), failure.hint) : null,
    docs(failure.docs, failure.code),
    tool(failure));
}

// The program's documents are not served; they lie beside the program.
function docs(page, code) {
  return page ? h('p', { class: 'muted' }, 'More in ', h('code', null, `docs/${page}`), `, at ${code}.`) : null;
}

function tool(failure) {
  if (!failure.command && !failure.stderr_tail) {
    return null;
  }
  const command = Array.isArray(failure.command) ? failure.command.join(' ') : failure.command;
  return h('details', { open: Boolean(failure.stderr_tail) },
    h('summary', null, 'The tool', failure.exit_code === undefined ? null : `, exit code ${failure.exit_code}`),
    command ? h('pre', { tabindex: '0', 'aria-label': 'Command' }, command) : null,
    failure.stderr_tail ? h('pre', { tabindex: '0', 'aria-label': 'Standard error' }, failure.stderr_tail) : null);
}
