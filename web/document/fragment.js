// What an address holds behind #, as far as a document has to know it before the
// sampler is there: which model to fetch, which pictures to bring along, what to
// show meanwhile. All else is asked of the sampler, which describes a recipe
// (engine.describe). A test holds this to sampler/recipe's own table of keys.
//
// Beside the recipe, and no part of one, may stand
//   model=ADDRESS   where its model comes from (web/own/address.js)
//   pixels=…        the pictures that it begins with, packed (web/run/inputs.js)
//   preview=…       what comes of it, small, for those who wait (web/run/preview.js)

/** @typedef {'model' | 'pixels' | 'preview'} Beside */

/** @type {Beside[]} */
export const beside = ['model', 'pixels', 'preview'];

/** What is computed from none of it: the keys of a result. */
export const results = ['by', 'h'];
/** The keys of what a recipe begins with, each the name of a picture. */
export const given = ['image', 'mask'];

/** What a recipe is for that names no model, as in sampler/recipe. */
const standard = 'digits';

/** What others put behind an address: WordPress a secret, newsletters where a reader comes from. */
const foreign = /(?:#|\?[\w-]+=|&(?:utm_\w+|fbclid|gclid|mc_[ce]id)=).*$/s;

/**
 * The recipe of an address, and what stands beside it, each as it is written.
 * @param {string} text with # or without
 * @param {Beside[]} [keys] which are looked for; another one stays in the recipe, where it is refused
 * @returns {{recipe: string} & Partial<Record<Beside, string>>}
 */
export function read(text, keys = beside) {
  const parts = text.replace(/^#/, '').split('&');
  /** @type {Partial<Record<Beside, string>>} */
  const found = {};
  const recipe = parts.filter((part) => {
    const key = keys.find((key) => part.startsWith(`${key}=`));
    if (key) found[key] ??= part.slice(key.length + 1);
    return !key;
  });
  return { recipe: recipe.join('&'), ...found };
}

/** A recipe without what an address has beside it. @param {string} text @param {Beside[]} [keys] if it is only some of that */
export function bare(text, keys = beside) {
  return read(text, keys).recipe;
}

/** What is to be computed, without what came of it. @param {string} text */
export function wanted(text) {
  const result = (/** @type {string} */ part) => results.some((key) => part.startsWith(`${key}=`));
  return bare(text).split('&').filter((part) => !result(part)).join('&');
}

/** The value that a recipe has written for a key. @param {string} recipe @param {string} key */
function written(recipe, key) {
  return new URLSearchParams(recipe.replace(/^#/, '')).get(key);
}

/** What a recipe is for that names no model, on this page: one can be built of others. */
function own() {
  return globalThis.document?.documentElement.dataset.model ?? standard;
}

/** The recipe of an address that has none. */
export function opening() {
  return globalThis.document?.documentElement.dataset.opening ?? `m=${own()}`;
}

/**
 * A recipe without what is foreign to it, and with the page's own model, where it
 * names none and that is not the one that recipes mean.
 * @param {string} recipe
 */
export function ofPage(recipe) {
  const text = recipe.replace(/^#/, '').replace(foreign, '');
  if (own() === standard || written(text, 'm') !== null) return text;
  return text === '' ? `m=${own()}` : `m=${own()}&${text}`;
}

/**
 * The model that a recipe names; what is no name of a file is left to the
 * sampler to refuse, whichever model it has.
 * @param {string} recipe @param {string} [there] the model that is loaded
 */
export function modelOf(recipe, there) {
  const name = written(recipe, 'm') ?? own();
  return /^[\w-][\w.-]*$/.test(name) ? name : there || own();
}

/** The class that a recipe chooses, if it is for the model that the page opens with and says so by itself. @param {string} text */
export function classOf(text) {
  const recipe = ofPage(bare(text));
  const foreign = read(text).model !== undefined || modelOf(recipe) !== modelOf(opening()) || written(recipe, 'w');
  return foreign ? undefined : (written(recipe, 'c') ?? 'none');
}

/** The names of the picture and the mask that a recipe has. @param {string} recipe */
export function namesOf(recipe) {
  return given.map((key) => written(recipe, key)?.toLowerCase() ?? '').filter((name) => name !== '');
}

/** Whether it is the recipe of the recorded run. @param {string} recipe */
export function isRecorded(recipe) {
  return (wanted(recipe) || `m=${own()}`) === opening();
}

/** The steps after which a run is forked. @param {{recipe?: string}} run */
export function forksOf({ recipe = '' }) {
  const forks = new URLSearchParams(recipe).get('fork') ?? '';
  return forks.split('~').filter(Boolean).map((fork) => parseInt(fork, 10));
}
