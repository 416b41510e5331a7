// The questions of the cards, by their names in web/learn/lessons: each is answered from
// what is on the stage, at the card's own step.

/** @import { Film } from '../stage/film.js' */
/** @import { Worked } from '../types.js' */
/** @import { Answer } from './right.js' */
import { contrast, decidedAt, frameAt, likeness, missedAt, roughness, squaredOf } from './film.js';
import { levelsOf, priorBits, snrOf, stepOf, weightsOf } from './levels.js';
import { noiseOf, valueOf } from './numbers.js';

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

/** A number that was reckoned by hand, from numbers of three digits. @param {number} value @returns {Answer} */
const near = (value) => ({ value, within: 0.02 * Math.max(1, Math.abs(value)) });

/** What the steps weigh in the bound, but the last, which leads to the picture. @param {Film} film */
function weightsAlong(film) {
  const all = [];
  for (let step = 1; step < film.shape.steps; step++) {
    const at = between(film, step);
    if (!at?.before) return undefined;
    all.push({ ...weightsOf(at.bar, at.before), variance: at.variance });
  }
  return all;
}

/** Where something is greatest: in the first half of the steps or in the second. @param {Film} film @param {(of: {guess: number, noise: number, variance: number}) => number} value @returns {Answer | undefined} */
function heaviest(film, value) {
  const all = weightsAlong(film)?.map(value);
  return all && (all.indexOf(Math.max(...all)) < all.length / 2 ? 'early' : 'late');
}

/** How far each step but the last goes in half the log SNR. @param {Film} film */
function strides(film) {
  const all = [];
  for (let step = 1; step < film.shape.steps; step++) {
    const at = between(film, step);
    if (!at?.before) return undefined;
    all.push(Math.log(snrOf(at.before) / snrOf(at.bar)) / 2);
  }
  return all;
}

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
  louder: ({ films: [film], step }) => {
    const bar = film.facts.get(step)?.alphaBar;
    return bar === undefined ? undefined : bar < 0.5 ? 'noise' : 'picture';
  },
  grows: ({ films: [film] }) => first(film, (step) => (film.facts.get(step)?.alphaBar ?? 0) > 0.5),
  steep: ({ films: [film] }) => {
    const [early, late] = [film.facts.get(1), film.facts.get(film.shape.steps)];
    return early && late && (early.alphaBar < late.alphaBar ? 'last' : 'first');
  },
  byhand: async ({ films: [film], step, work }) => {
    const [bar, noise] = [film.facts.get(step)?.alphaBar, noiseOf(await work())];
    return bar === undefined || noise === undefined ? undefined : near(-noise / Math.sqrt(1 - bar));
  },
  drowned: ({ films: [film] }) => ({ value: [...film.facts.values()].filter(({ alphaBar }) => snrOf(alphaBar) < 0.1).length, within: 0 }),
  positive: ({ films: [film], step }) => {
    const bar = film.facts.get(step)?.alphaBar;
    return bar === undefined ? undefined : snrOf(bar) < 1 ? 'positive' : 'negative';
  },
  worthier: ({ films: [film] }) => heaviest(film, ({ guess }) => guess),
  even: ({ films: [film] }) => {
    const all = strides(film);
    return all && (Math.max(...all) > 1.5 * Math.min(...all) ? 'uneven' : 'even');
  },
  terms: ({ films: [film] }) => ({ value: film.shape.steps - 1, within: 0 }),
  little: ({ films: [film] }) => {
    const [levels, end] = [levelsOf(film, 1), squaredOf(film)];
    return levels && end && (priorBits(levels.bar, end.square, end.values) < 0.01 ? 'less' : 'more');
  },
  dearer: ({ films: [film] }) => heaviest(film, ({ variance }) => 1 / variance),
  costliest: ({ films: [film] }) => {
    const costs = weightsAlong(film)?.map(({ guess }, i) => guess * (missedAt(film, i + 1) ?? NaN));
    return costs?.every(Number.isFinite) ? { value: 1 + costs.indexOf(Math.max(...costs)), within: 0 } : undefined;
  },
  dropped: ({ films: [film] }) => heaviest(film, ({ noise }) => noise),
  guided: async ({ work }) => {
    const output = valueOf(await work(), 'output');
    return output === undefined ? undefined : near(output);
  },
  varied: ({ films: [one, other] }) => (other?.complete && one.shape.images > 1 ? (likeness(one) < likeness(other) ? 'left' : 'right') : undefined),
  unclipped: async ({ work }) => {
    const guess = (await work()).lines.find(({ of }) => of === 'x0');
    return guess && near(guess.value);
  },
  rougher: ({ films: [one, other] }) => {
    const [left, right] = [one.live[0], other?.live[0]];
    return left && right && (roughness(left.xt, one.shape) > roughness(right.xt, other.shape) ? 'left' : 'right');
  },
  pushes: ({ films: [film] }) => {
    const [early, late] = [film.facts.get(1), film.facts.get(film.shape.steps)];
    return early && late && (early.alphaBar < late.alphaBar ? 'first' : 'last');
  },
  fewer: ({ films: [one, other] }) => (other ? { value: one.shape.steps - other.shape.steps, within: 0 } : undefined),
  longest: ({ films: [film] }) => {
    const all = strides(film);
    return all && { value: 1 + all.indexOf(Math.max(...all)), within: 0 };
  },
  closer: ({ films: [film] }) => {
    const [early, late] = [missedAt(film, 1), missedAt(film, film.shape.steps - 1)];
    return early === undefined || late === undefined ? undefined : late < early ? 'late' : 'early';
  },
};
