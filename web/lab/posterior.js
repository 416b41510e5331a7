// What clean point a noisy one comes from: the mean of all that it may come from, and the ellipse
// of two standard deviations around it, on the plane, in a table and in a sentence.

/** @import { Inferred, Posterior } from './messages.js' */
/** @import { Cloud, Path } from './scene.js' */
import { element } from '../document/elements.js';
import { say, text } from '../text/i18n.js';
import { guess, right } from './compose.js';
import { fixed } from './figures.js';

/** How many standard deviations are drawn, and by how many points. */
const deviations = 2;
const points = 64;
/** Milliseconds that a point has to stand before it is spoken of. */
const calm = 700;

/** @typedef {{at: Float32Array, inferred: Inferred, shapes: {clouds: Cloud[], paths: Path[]}}} Belief of a noisy point */

/** @param {{x: number, y: number}} place @param {Inferred} inferred @returns {Belief} */
export function beliefOf({ x, y }, inferred) {
  const at = new Float32Array([x, y]);
  /** @type {Belief['shapes']} */
  const shapes = { clouds: [{ points: at, colour: '#ffffff', opacity: 1, radius: 4.5, trails: [] }], paths: [] };
  for (const posterior of [...inferred.posteriors].sort((one, other) => Number(other.exact) - Number(one.exact))) {
    const colour = posterior.exact ? right : guess;
    const mean = new Float32Array([posterior.x, posterior.y]);
    shapes.paths.push({ points: new Float32Array([x, y, posterior.x, posterior.y]), colour, opacity: 0.6, width: 1 });
    if (Number.isFinite(posterior.long)) shapes.paths.push({ points: outline(posterior), colour, opacity: 1, width: posterior.exact ? 2.5 : 1.75 });
    shapes.clouds.push({ points: mean, colour, opacity: 1, radius: posterior.exact ? 5 : 3.5, trails: [] });
  }
  return { at, inferred, shapes };
}

/** The ellipse of a posterior. @param {Posterior} posterior */
export function outline({ x, y, long, short, alongX, alongY }) {
  const line = new Float32Array(2 * points + 2);
  for (let i = 0; i <= points; i++) {
    const angle = (2 * Math.PI * (i % points)) / points;
    const [along, across] = [deviations * long * Math.cos(angle), deviations * short * Math.sin(angle)];
    line[2 * i] = x + along * alongX - across * alongY;
    line[2 * i + 1] = y + along * alongY + across * alongX;
  }
  return line;
}

/** How far a posterior spreads at most, in words. @param {Posterior} posterior */
function known({ long }) {
  return () => (Number.isFinite(long) ? fixed(long) : text('lab.posterior.unknown'));
}

let waiting = 0;

/** @param {Belief | undefined} belief */
export function tellBelief(belief) {
  element('posterior').hidden = !belief;
  clearTimeout(waiting);
  if (!belief) return say(element('posterior-said'), '');
  const { inferred: { posteriors, t }, at } = belief;
  const [model, exact] = posteriors;
  say(element('posterior-title'), 'lab.posterior', { t });
  const means = posteriors.map(({ x, y }) => `${fixed(x)}, ${fixed(y)}`);
  const spreads = posteriors.map(({ long, short: across }) => (Number.isFinite(long) ? `${fixed(long)} × ${fixed(across)}` : '–'));
  for (const [id, values] of /** @type {const} */ ([['posterior-mean', means], ['posterior-spread', spreads]])) {
    const cells = element(id).querySelectorAll('td');
    cells.forEach((cell, i) => (cell.textContent = values[i] ?? '–'));
  }
  const said = { t, x: fixed(at[0]), y: fixed(at[1]), mean: means[0], spread: known(model), exact: means[1] ?? '', true: exact ? known(exact) : '' };
  waiting = window.setTimeout(() => say(element('posterior-said'), exact ? 'lab.posterior.both' : 'lab.posterior.one', said), calm);
}
