// The daemon's HTTP API.
import { currentToken } from './session.js';

export const BASE = 'api/v1';
const ANSWER_LIMIT = 15000;

/** An answer that is not the one that was asked for; `status` is 0 if there was none. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The daemon answered with status ${status}.`);
    this.status = status;
    this.code = problem.code ?? '';
    this.hint = problem.hint ?? '';
    this.problems = problem.problems ?? [];
  }
}

async function ask(path, options) {
  try {
    return await fetch(`${BASE}${path}`, {
      credentials: 'omit',
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_LIMIT),
      ...options,
    });
  } catch (error) {
    const late = error.name === 'TimeoutError';
    throw new Refused(0, { detail: late ? 'The daemon did not answer in time.' : 'The daemon cannot be reached.' });
  }
}

async function problemOf(answer) {
  try {
    return (await answer.json()) ?? {};
  } catch {
    return {};
  }
}

/**
 * Reads a resource.
 *
 * @param etag of what is there already, or undefined
 * @return its value, or `same` if it did not change; its etag; and the daemon's time, if told
 */
export async function read(path, etag) {
  const headers = { Accept: 'application/json' };
  if (etag) {
    headers['If-None-Match'] = etag;
  }
  const answer = await ask(path, { headers });
  const time = Date.parse(answer.headers.get('Date') ?? '');
  if (answer.status === 304) {
    return { same: true, etag, time };
  }
  if (!answer.ok) {
    throw new Refused(answer.status, await problemOf(answer));
  }
  try {
    return { value: await answer.json(), etag: answer.headers.get('ETag') ?? undefined, time };
  } catch {
    throw new Refused(0, { detail: 'The daemon’s answer ended early.' });
  }
}

/** Asks for a change, with the token. */
export async function change(method, path, body, type) {
  const headers = { Accept: 'application/json', Authorization: `Bearer ${currentToken()}` };
  if (type) {
    headers['Content-Type'] = type;
  }
  const answer = await ask(path, { method, headers, body });
  if (!answer.ok) {
    throw new Refused(answer.status, await problemOf(answer));
  }
  const text = await answer.text();
  return text ? JSON.parse(text) : {};
}

/** The media type of a manifest: by its file's name, or without one by its text. */
export function manifestType(file, text) {
  const json = /\.(json|ya?ml)$/i.test(file) ? /\.json$/i.test(file) : text.trimStart().startsWith('{');
  return json ? 'application/json' : 'application/yaml';
}

export const paths = {
  overview: () => '/overview',
  throughput: () => '/throughput',
  manifest: (id) => `/manifests/${encodeURIComponent(id)}`,
  report: (id) => `/manifests/${encodeURIComponent(id)}/report`,
  text: (id) => `/manifests/${encodeURIComponent(id)}/manifest`,
  retryManifest: (id) => `/manifests/${encodeURIComponent(id)}/retry-manifest`,
  screen: (id, number) => `/manifests/${encodeURIComponent(id)}/vms/${number}/screen`,
  retry: (id) => `/manifests/${encodeURIComponent(id)}/retry`,
  cancel: (id) => `/manifests/${encodeURIComponent(id)}/cancel`,
  submit: (file) => `/manifests?file=${encodeURIComponent(file)}`,
  list: (query) => `/manifests?${query}`,
  days: (from, to) => `/days?from=${from}&to=${to}`,
  validate: () => '/validate',
  drain: () => '/drain',
};
