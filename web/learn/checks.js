// The questions of the cards, by their names in web/learn/lessons: each is answered from
// what is on the stage, at the card's own step.

/** @import { Film } from '../stage/film.js' */
/** @import { Worked } from '../types.js' */
/** @import { Answer } from './right.js' */
import { contrast, decidedAt, frameAt } from './film.js';
import { levelsOf, stepOf } from './levels.js';

/**
 * @typedef {object} Asked
 * @property {Film[]} films of the card's recipe, which are whole
 * @property {number} step
 * @property {{column: number, row: number}} [place] of a pixel
 * @property {() => Promise<Worked>} work looks into the step
 */

/** What follows from the levels of a step. @param {Film} film @param {number} step */
const between = (film, step) => {
  const levels = levelsOf(film, step);
  return levels?.before === undefined ? undefined : { ...levels, ...stepOf(levels.bar, levels.before) };
};

/** The first step for which something holds. @param {Film} film @param {(step: number) => boolean} holds @returns {Answer | undefined} */
const first = ({ shape }, holds) => {
  for (let step = 1; step <= shape.steps; step++) if (holds(step)) return { value: step, within: 0 };
  return undefined;
};

/** @param {Uint8Array | undefined} one @param {Uint8Array | undefined} other */
const alike = (one, other) => one && other && (one.every((v, i) => v === other[i]) ? 'same' : 'differ');

/** @type {Record<string, (asked: Asked) => Answer | undefined | Promise<Answer | undefined>>} */
export const checks = {
  half: ({ films: [film] }) => first(film, (step) => (film.facts.get(step)?.alphaBar ?? 1) < 0.5),
  same: ({ films: [film], step }) => alike(frameAt(film, step, 0)?.xt, frameAt(film, step, 1)?.xt),
  loud: ({ films: [film] }) => first(film, (step) => (film.facts.get(step)?.noise[1]?.stdDev ?? 0) > 0.5),
  keeps: ({ films: [film], step }) => {
    const at = between(film, step);
    return at && (at.alpha > at.bar ? 'link' : 'picture');
  },
  guess: ({ films: [film] }) => {
    const [clean, last] = [frameAt(film, 1)?.x0, frameAt(film, film.shape.steps)?.x0];
    return clean && last && (contrast(last) < 0.9 * contrast(clean) ? 'blur' : 'sharp');
  },
  contrast: ({ films: [film] }) => {
    const [early, late] = [frameAt(film, 1)?.x0, frameAt(film, film.shape.steps)?.x0];
    return early && late && (contrast(early) > contrast(late) ? 'first' : 'last');
  },
  decided: ({ films: [film] }) => first(film, (step) => (decidedAt(film, step) ?? 0) >= 0.9),
  sign: ({ films: [film], step }) => {
    const bar = film.facts.get(step)?.alphaBar;
    return bar === undefined ? undefined : -1 / Math.sqrt(1 - bar) < 0 ? 'opposite' : 'same';
  },
  byte: ({ films: [film], step, place }) => {
    const frame = frameAt(film, step);
    if (!frame || !place) return undefined;
    return { value: frame.xt[(place.row * film.shape.width + place.column) * film.shape.channels], within: 0 };
  },
  narrower: ({ films: [film], step }) => {
    const at = between(film, step);
    return at && (at.link > at.jump ? 'link' : 'picture');
  },
  heavier: ({ films: [film], step }) => {
    const at = between(film, step);
    return at && (at.xt > at.x0 ? 'xt' : 'x0');
  },
  smaller: ({ films: [film], step }) => {
    const at = between(film, step);
    return at && (at.variance < at.beta ? 'smaller' : 'larger');
  },
  ends: ({ films: [one, other] }) => alike(one.live[0]?.xt, other?.live[0]?.xt),
  draws: async ({ work }) => {
    const { lines } = await work();
    const drawn = lines.some(({ terms }) => terms.some(({ factor, line, by }) => factor !== 0 && [line, by].some((at) => at >= 0 && lines[at].of === 'z')));
    return drawn ? 'some' : 'none';
  },
};
