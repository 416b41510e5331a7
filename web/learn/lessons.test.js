import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Film } from '../stage/film.js';
import { checks } from './checks.js';
import { decidedAt } from './film.js';
import { formulas, number } from './formulas.js';
import { levelsOf, stepOf } from './levels.js';
import { isRight } from './right.js';

/** @import { Step } from '../types.js' */

const known = readFileSync(new URL('../../tools/pack/lessons/known.go', import.meta.url), 'utf8');

/** A film of one picture, or of two, at ᾱ of each step. @param {number[]} bars @param {boolean} [noised] @param {number} [images] */
function filmOf(bars, noised = false, images = 1) {
  const film = new Film({ steps: bars.length, images, channels: 1, height: 1, width: 4, columns: 0 });
  film.noised = noised;
  bars.forEach((alphaBar, i) => {
    for (let image = 0; image < images; image++) {
      const shade = (/** @type {number} */ by) => Uint8Array.of(128 - by, 128 + by, 100 + image, 128);
      /** @type {Step} */
      const step = {
        ...{ type: 'step', id: 1, step: i + 1, steps: bars.length, image, images, t: 10 - i, alphaBar, ms: 1, largest: 1, rms: 1 },
        ...{ xt: shade(50), x0: shade(10 * (noised ? bars.length - i : i)), epsilon: shade(0), change: shade(0), mean: 0.25, stdDev: 0.5 + image },
      };
      film.add(step);
    }
  });
  return film;
}

test('formulas and checks are those that the lessons may name', () => {
  const [, named = ''] = /var formulas = \[\]string\{([^}]*)\}/.exec(known) ?? [];
  assert.deepEqual(Object.keys(formulas).sort(), Array.from(named.matchAll(/"(\w+)"/g), ([, name]) => name).sort());
  const [, asked = ''] = /var checks = map\[string\]\[\]string\{\n([^]*?)\n\}/.exec(known) ?? [];
  assert.deepEqual(Object.keys(checks).sort(), Array.from(asked.matchAll(/^\t"(\w+)":/gm), ([, name]) => name).sort());
});

test('levels are those of the step: towards the picture in a run, from it in one that is noised', () => {
  const run = filmOf([0.1, 0.4, 0.9]);
  assert.deepEqual(levelsOf(run, 1), { bar: 0.1, before: 0.4 });
  assert.deepEqual(levelsOf(run, 3), { bar: 0.9, before: 1 });
  const noised = filmOf([1, 0.5, 0.2], true);
  assert.deepEqual(levelsOf(noised, 3), { bar: 0.2, before: 0.5 });
  assert.deepEqual(levelsOf(noised, 1), { bar: 1, before: undefined });
  assert.equal(levelsOf(run, 4), undefined);
});

test('the step back follows from its levels', () => {
  const { alpha, beta, link, jump, x0, xt, variance } = stepOf(0.2, 0.5);
  const near = (/** @type {number} */ got, /** @type {number} */ want) => assert.ok(Math.abs(got - want) < 1e-12, `${got}, want ${want}`);
  near(alpha + beta, 1);
  near(1 / variance, link + jump);
  // By Bayes' rule: what each tells of the mean, by its precision.
  near(xt, (variance * link) / Math.sqrt(alpha));
  near(x0, variance * jump * Math.sqrt(0.5));
  // From x_t = √ᾱ·x_0 the mean is that of the level before.
  near(xt * Math.sqrt(0.2) + x0, Math.sqrt(0.5));
});

test('every formula has its values on a film that it is for, and none on an empty one', () => {
  const empty = new Film({ steps: 3, images: 1, channels: 1, height: 1, width: 4, columns: 0 });
  const line = { rule: 'given', over: 1, back: 0, t: 0, most: 1, left: false, terms: [] };
  const worked = /** @type {any} */ ({ predicts: 'epsilon', lines: [{ ...line, of: 'x', value: 0.5 }, { ...line, of: 'output', value: -0.25 }] });
  for (const [name, { letters, values }] of Object.entries(formulas)) {
    const film = name === 'moments' ? filmOf([1, 0.5, 0.2], true, 2) : filmOf([0.1, 0.4, 0.9]);
    const shown = values({ film, step: 2, worked }) ?? '';
    assert.match(shown, /<mn>/, name);
    for (const math of [letters, shown]) assert.equal(math.split(/<\w/).length, math.split(/<\/|\/>/).length, `${name}: ${math}`);
    assert.equal(values({ film: empty, step: 0 }), undefined, name);
  }
  assert.match(formulas.jump.values({ film: filmOf([0.25]), step: 1 }) ?? '', /<mn>0.5<\/mn>.*<mn>0.866<\/mn>/);
  assert.match(formulas.moments.values({ film: filmOf([1, 0.75], true, 2), step: 2 }) ?? '', /0\.250.*0\.500.*0\.250.*1\.500.*0\.000.*0\.500/s);
  assert.match(formulas.pixel.values({ film: filmOf([0.64, 1]), step: 1, worked }) ?? '', /<mn>0.813<\/mn>(?:<\/mrow>)+<\/mtd><\/mtr><\/mtable>$/); // (0.5 + 0.6·0.25)/0.8
  assert.equal(number(-0.12345), '−0.123');
});

test('checks are answered from the film, at the step of the card', async () => {
  const run = filmOf([0.1, 0.4, 0.9]);
  const noised = filmOf([1, 0.5, 0.49, 0.01], true, 2);
  const work = async () => /** @type {any} */ ({ lines: [{ of: 'z', terms: [] }, { of: 'x', terms: [{ factor: 0, line: 0, by: -1 }] }] });
  const ask = (/** @type {string} */ name, film = run, step = 2) => checks[name]({ films: [film, film], step, work, place: { column: 2, row: 0 } });
  assert.deepEqual(ask('half', noised), { value: 3, within: 0 });
  assert.equal(ask('same', noised), 'differ');
  assert.deepEqual(ask('loud', noised), { value: 1, within: 0 });
  assert.equal(ask('keeps', noised, 3), 'link');
  assert.equal(ask('guess', noised), 'blur');
  assert.equal(ask('contrast'), 'last');
  assert.deepEqual(ask('decided'), { value: 3, within: 0 });
  assert.equal(decidedAt(run, 2), 0.5);
  assert.equal(ask('sign'), 'opposite');
  assert.deepEqual(ask('byte'), { value: 100, within: 0 });
  assert.equal(ask('narrower'), 'picture');
  assert.equal(ask('heavier', filmOf([0.1, 0.11]), 1), 'xt');
  assert.equal(ask('heavier', run, 3), 'x0');
  assert.equal(ask('smaller'), 'smaller');
  assert.equal(ask('ends'), 'same');
  assert.equal(await ask('draws'), 'none');
});

test('an answer is right within its bound, however it is written', () => {
  assert.ok(isRight('same', 'same'));
  assert.ok(!isRight('same', 'differ'));
  for (const given of ['0.51', '0,51', ' 0.5050 ']) assert.ok(isRight({ value: 0.508, within: 0.005 }, given), given);
  for (const given of ['', '0.5', 'half', '51']) assert.ok(!isRight({ value: 0.508, within: 0.005 }, given), given);
  assert.ok(isRight({ value: -2, within: 0 }, '−2'));
});
