// Which steps of two runs belong together: those of the same noise.

/** @import { Film } from './film.js' */

/**
 * The step of another film that belongs to one of this: the last to the last,
 * and otherwise the one whose network was asked at the nearest noise level.
 * @param {Film} film @param {number} step @param {Film} other
 */
export function partner(film, step, other) {
  if (step >= film.shape.steps) return other.shape.steps;
  const t = film.facts.get(step)?.t;
  if (t === undefined || other.facts.get(step)?.t === t) return step;
  let best = 0;
  let least = Infinity;
  for (const [candidate, facts] of other.facts) {
    const distance = Math.abs(facts.t - t);
    if (distance < least || (distance === least && candidate > best)) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/**
 * While both go on, the newest step of the one that is behind is shown and, of
 * the other, the one that belongs to it.
 * @param {Film[]} films two
 */
export function follow([a, b]) {
  const behind = isBehind(a, b) ? a : b;
  const ahead = behind === a ? b : a;
  behind.show(0);
  ahead.show(behind.latest === 0 ? 0 : partner(behind, behind.latest, ahead));
}

/** Whether a has less of its noise removed than b. @param {Film} a @param {Film} b */
function isBehind(a, b) {
  if (a.latest === 0 || b.latest === 0) return a.latest === 0;
  if (a.complete || b.complete) return b.complete;
  return (a.facts.get(a.latest)?.t ?? 0) >= (b.facts.get(b.latest)?.t ?? 0);
}
