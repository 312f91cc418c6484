// Questions before something happens.
import { h, say } from '../dom.js';
import { change, paths } from '../api.js';
import { currentToken, useToken } from '../session.js';

function opened(dialog) {
  const before = document.activeElement;
  document.body.append(dialog);
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before?.isConnected) {
      before.focus();
    }
  });
  dialog.showModal();
  return dialog;
}

function problemLine() {
  return h('p', { class: 'problem', role: 'alert' });
}

/**
 * Asks, then does it.
 *
 * @param title the question
 * @param lines what will happen
 * @param label the button that does it
 * @param act returns a promise; if it fails, the dialog stays and says why
 */
export function confirmed(title, lines, label, act) {
  const problem = problemLine();
  const doIt = h('button', { type: 'submit', class: 'danger' }, label);
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'question' },
    h('form', {
      method: 'dialog',
      on: {
        submit: async (event) => {
          event.preventDefault();
          doIt.disabled = true;
          problem.textContent = '';
          try {
            await act();
            dialog.close();
          } catch (error) {
            doIt.disabled = false;
            problem.textContent = sentence(error);
          }
        },
      },
    },
      h('h2', { id: 'question' }, title),
      lines.map((line) => h('p', null, line)),
      problem,
      h('div', { class: 'buttons' },
        h('button', { type: 'button', autofocus: true, on: { click: () => dialog.close() } }, 'Leave it'),
        doIt)),
  );
  opened(dialog);
}

/** Asks for the token and tries it. */
export function askForToken(done) {
  const problem = problemLine();
  const field = h('input', { id: 'token', type: 'password', autocomplete: 'off', spellcheck: 'false', required: true, autofocus: true });
  const keep = h('input', { id: 'keep', type: 'checkbox' });
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'question' },
    h('form', {
      method: 'dialog',
      on: {
        submit: async (event) => {
          event.preventDefault();
          problem.textContent = '';
          useToken(field.value.trim(), keep.checked);
          try {
            await tried();
            dialog.close();
            say('The token is accepted.');
          } catch (error) {
            useToken('', false);
            problem.textContent = sentence(error);
            field.select();
          }
          done();
        },
      },
    },
      h('h2', { id: 'question' }, 'Token for changes'),
      h('p', null, 'Whoever has it may submit, retry and cancel manifests, and drain the daemon. It stands in the file that the configuration names (', h('code', null, 'web_token_file'), ').'),
      h('label', { for: 'token' }, 'Token'),
      field,
      h('label', { class: 'choice', for: 'keep' }, keep, 'Keep it until this tab is closed; else it is forgotten at a reload'),
      problem,
      h('div', { class: 'buttons' },
        currentToken()
          ? h('button', { type: 'button', on: { click: () => { useToken('', false); dialog.close(); done(); } } }, 'Forget it')
          : null,
        h('button', { type: 'button', on: { click: () => dialog.close() } }, 'Leave it'),
        h('button', { type: 'submit', class: 'main' }, 'Use it'))),
  );
  opened(dialog);
}

async function tried() {
  try {
    await change('POST', paths.validate(), '{}', 'application/json');
  } catch (error) {
    if (error.status === 401 || error.status === 403 || error.status === 0) {
      throw error;
    }
  }
}

/** What went wrong, for a reader. */
export function sentence(error) {
  if (error.status === 401) {
    return 'The daemon does not accept this token.';
  }
  return error.hint ? `${error.message} ${error.hint}` : error.message;
}
