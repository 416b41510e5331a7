// The branches of a tree of runs as text. A branch is the value of the recipe's key
// fork: a step and what changes after it, a ~ before each further fork; '' is the run
// without any. What that means is the worker's to say. In the address stand the
// branches that no other goes on from, with ~~ between them:
//
//   ?tree=12,c:8~~20,fresh:3~~12,c:8~30,g:5#m=digits&c=7

/** What stands between the forks of a branch, and between branches. */
const next = '~';
const other = '~~';
/** Branches that an address may have. */
export const most = 32;

/** The forks of a branch, each as it is written. @param {string} fork */
function forksOf(fork) {
  return fork === '' ? [] : fork.split(next);
}

/** The step of a fork. @param {string} one */
const stepOf = (one) => parseInt(one, 10);

/** How many forks a branch has. @param {string} fork */
export function depthOf(fork) {
  return forksOf(fork).length;
}

/** The branch that one comes from. @param {string} fork */
export function parentOf(fork) {
  return forksOf(fork).slice(0, -1).join(next);
}

/** Whether a branch is another one, or goes on from it. @param {string} fork @param {string} from */
export function isOf(fork, from) {
  return from === '' || fork === from || fork.startsWith(from + next);
}

/** Where the last fork of a branch is, and what it changes, by key. @param {string} fork @returns {{step: number, changes: [string, string][]}} */
export function lastOf(fork) {
  const [step = '', ...changes] = (forksOf(fork).at(-1) ?? '').split(',');
  const pair = (/** @type {string} */ change) => /** @type {[string, string]} */ ([change.split(':')[0], change.slice(change.indexOf(':') + 1)]);
  return { step: stepOf(step), changes: changes.map(pair) };
}

/**
 * A branch that leaves another after a step, of which that one has the earlier forks.
 * @param {string} fork @param {number} step @param {string} change
 */
export function branch(fork, step, change) {
  const kept = forksOf(fork).filter((one) => stepOf(one) < step);
  return [...kept, `${step},${change}`].join(next);
}

/** A recipe without forks, and without what came of it. @param {string} recipe */
export function unforked(recipe) {
  return recipe.split('&').filter((part) => !/^(?:fork|by|h)=/.test(part)).join('&');
}

/** The branch that a recipe is. @param {string} recipe */
export function branchOf(recipe) {
  return new URLSearchParams(recipe).get('fork') ?? '';
}

/** Branches with those that they come from, each after its own: earlier steps first. @param {Iterable<string>} forks */
export function tree(forks) {
  const all = new Set(['']);
  for (const fork of forks) for (let at = fork; at !== ''; at = parentOf(at)) all.add(at);
  const listed = [...all];
  /** @param {string} from @returns {string[]} */
  const below = (from) => {
    const children = listed.filter((fork) => fork !== '' && parentOf(fork) === from);
    children.sort((a, b) => lastOf(a).step - lastOf(b).step); // which keeps the order of one step
    return [from, ...children.flatMap(below)];
  };
  return below('');
}

/** The branches of an address, undefined for too many. @param {string} text */
export function read(text) {
  const forks = text.split(other).filter(Boolean);
  return forks.length > most ? undefined : forks;
}

/** What an address has of branches: those that no other goes on from. @param {string[]} forks */
export function write(forks) {
  return forks.filter((fork) => fork !== '' && !forks.some((longer) => longer !== fork && isOf(longer, fork))).join(other);
}
