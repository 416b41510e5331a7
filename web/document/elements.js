// The elements of a document, by their ids, and its buttons.

/** @param {string} id */
export function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * @param {string} id
 * @param {() => void} act unless the button says that it cannot be used now
 */
export function onClick(id, act) {
  element(id).addEventListener('click', (event) => {
    if (element(id).getAttribute('aria-disabled') === 'true') event.preventDefault();
    else act();
  });
}

/** @param {string} id @param {boolean} allowed */
export function allow(id, allowed) {
  element(id).setAttribute('aria-disabled', String(!allowed));
}

/** Whether a person wants less motion than the page would make; this may change. */
export function lessMotion() {
  return matchMedia('(prefers-reduced-motion: reduce)');
}
