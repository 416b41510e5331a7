// The query of a document's address: how things are looked at, by key.

/** The value of a key, '' for one without a value, null where it is missing. @param {string} key */
export function asked(key) {
  return new URLSearchParams(location.search).get(key);
}

/**
 * Writes keys of the query, '' for one without a value; null takes one away.
 * What else is there stays.
 * @param {Record<string, string | null>} values @param {boolean} [push] in a separate entry of the browser's history
 */
export function note(values, push = false) {
  const query = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(values)) {
    if (value === null) query.delete(key);
    else query.set(key, value);
  }
  const parts = [...query].map(([key, value]) => {
    const plain = encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':');
    return encodeURIComponent(key) + (value === '' ? '' : `=${plain}`);
  });
  const text = parts.length > 0 ? `?${parts.join('&')}` : '';
  if (text === location.search) return;
  if (push) history.pushState(null, '');
  history.replaceState(history.state, '', location.pathname + text + location.hash);
}
