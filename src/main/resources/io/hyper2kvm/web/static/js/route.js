// The view that the URL's fragment names: #/manifest/ID?state=failed

/** The parts of the path, and the query. */
export function current() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const parts = path.split('/').filter(Boolean).map(decoded);
  return { name: parts[0] ?? 'overview', parts: parts.slice(1), query: new URLSearchParams(query) };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The fragment of a view. */
export function to(parts, query) {
  const path = parts.map(encodeURIComponent).join('/');
  const search = new URLSearchParams(
    Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== ''),
  ).toString();
  return `#/${path}${search ? `?${search}` : ''}`;
}

/** Writes the filters of this view into the URL, without going elsewhere. */
export function rewrite(query) {
  const { name, parts } = current();
  replace(name === 'overview' ? [] : [name, ...parts], query);
}

/** The same view has another address now. */
export function replace(parts, query) {
  history.replaceState(null, '', to(parts, query));
  window.dispatchEvent(new Event('rewritten'));
}
