import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Course, axisAt, isOfSteps, labelled, placeOf, range, stepAt, ticks } from './course.js';

/** A level of timestep t, in which everything can be told from t. @param {number} t @param {number} [way] */
const level = (t, way = 1) => ({ t, alphaBar: 1 - t / 100, sigma: t, logSNR: 50 - t, beta: t * way, deviation: 2 * t * way });
const schedule = Array.from({ length: 100 }, (_, t) => level(t));
const clean = { t: -1, alphaBar: 1, sigma: 0, logSNR: Infinity, beta: 0, deviation: 0 };
const steps = [80, 40, 10].map((t) => level(t, 10));

test('a curve passes every timestep where the steps pass it', () => {
  const course = new Course({ steps: [...steps, clean], schedule, first: [] }, { steps: 3 });
  assert.deepEqual(course.kinds, ['signal', 'snr', 'beta', 'deviation', 'change']);
  const { lines, dots } = course.curve('signal');
  assert.deepEqual(dots, [[1, 0.19999999999999996], [2, 0.6], [3, 0.9]]);
  assert.equal(lines.length, 1);
  const [line] = lines;
  assert.equal(line.length, 71, 'timesteps 80 to 10');
  assert.deepEqual(line[20], [1.5, 0.4], 'timestep 60 is half way from 80 to 40');
  assert.deepEqual(line.map(([x]) => x), line.map(([x]) => x).sort((a, b) => a - b));
  for (const [x, y] of line) assert.ok(Math.abs(y - (x < 2 ? 0.2 + 0.4 * (x - 1) : 0.6 + 0.3 * (x - 2))) < 1e-9, `${x}`);
});

test('what is of the way to the next level is larger for a step than for a timestep', () => {
  const course = new Course({ steps: [...steps, clean], schedule, first: [] }, { steps: 3 });
  assert.ok(isOfSteps('beta') && isOfSteps('deviation') && !isOfSteps('snr'));
  const { lines, dots } = course.curve('beta');
  assert.deepEqual(dots, [[1, 800], [2, 400], [3, 100]]);
  assert.deepEqual([lines[0][0], lines[0].at(-1)], [[1, 80], [3, 10]]);
  assert.equal(course.ofTimestep('beta', 2), 40);
  assert.equal(course.value('beta', 2), 400);
  assert.equal(course.value('beta', 4), NaN);
});

test('a picture that is noised goes the other way, from the picture itself', () => {
  const course = new Course({ steps: [clean, ...[...steps].reverse()], schedule, first: [] }, { steps: 4 });
  const { lines, dots } = course.curve('snr');
  assert.deepEqual(dots, [[2, 40], [3, 10], [4, -30]], 'the picture has no log SNR');
  assert.ok(lines[0].every(([x], i) => i === 0 || x > lines[0][i - 1][0]));
  assert.deepEqual(course.curve('signal').dots[0], [1, 1]);
});

test('the two stages of a cascade are two lines, each along its own schedule', () => {
  const first = schedule.map((at) => ({ ...at, alphaBar: at.alphaBar / 2 }));
  const before = [60, 20].map((t) => ({ ...level(t), alphaBar: level(t).alphaBar / 2 }));
  const course = new Course({ steps: [...before, ...steps, clean], schedule, first }, { steps: 5, first: 2 });
  const { lines } = course.curve('signal');
  assert.deepEqual(lines.map((line) => [line[0][0], line.at(-1)?.[0]]), [[1, 2], [3, 5]]);
  assert.ok(lines[0].every(([, y]) => y <= 0.4) && lines[1].at(-1)?.[1] === 0.9);
  assert.equal(course.ofTimestep('signal', 1), 0.2);
});

test('where the noise is added again, or stays, the line does as well', () => {
  const course = new Course({ steps: [level(50), level(50), level(30), level(45), clean], schedule, first: [] }, { steps: 4 });
  const [line] = course.curve('signal').lines;
  assert.ok(line.every(([x], i) => i === 0 || x > line[i - 1][0]));
  assert.deepEqual(line.filter(([x]) => Number.isInteger(x)).map(([, y]) => y), [0.5, 0.5, 0.7, 0.55]);
});

test('states that have another level than their timestep are dots beside the line', () => {
  const late = { ...level(40), alphaBar: 0.2, logSNR: -30 };
  const course = new Course({ steps: [level(80), late, level(10), clean], schedule, first: [] }, { steps: 3 });
  const { lines, dots } = course.curve('signal');
  assert.deepEqual(dots[1], [2, 0.2]);
  assert.ok(lines[0].every(([x, y], i) => i === 0 || (x > lines[0][i - 1][0] && y > lines[0][i - 1][1])));
  const half = [80.5, 40.5].map((t) => level(t));
  const between = new Course({ steps: [...half, clean], schedule, first: [] }, { steps: 2 });
  assert.deepEqual(between.curve('signal').lines[0].map(([x]) => x > 1 && x < 2), Array(40).fill(true), 'timesteps 80 to 41');
});

test('a network without training timesteps says it in noise levels', () => {
  const course = new Course({ steps: [80, 5, 0.1, 0].map((t) => level(t)), schedule: [], first: [] }, { steps: 3 });
  assert.deepEqual(course.kinds, ['snr', 'sigma', 'change']);
  const { lines, dots } = course.curve('sigma');
  assert.deepEqual(lines, [dots]);
  assert.deepEqual(dots, [[1, 80], [2, 5], [3, 0.1]]);
  assert.equal(course.ofTimestep('sigma', 1), NaN);
});

test('a level without signal or noise is left out', () => {
  const none = { ...level(99), alphaBar: 0, sigma: Infinity, logSNR: -Infinity };
  const course = new Course({ steps: [none, ...steps, clean], schedule: [...schedule.slice(0, 99), none], first: [] }, { steps: 4 });
  assert.deepEqual(course.curve('snr').dots.map(([x]) => x), [2, 3, 4]);
  assert.deepEqual(course.curve('signal').dots[0], [1, 0]);
});

test('round values are few', () => {
  assert.deepEqual(ticks(0, 1), [0, 0.5, 1]);
  assert.deepEqual(ticks(-7.8, 9.2), [-5, 0, 5]);
  assert.deepEqual(ticks(0, 0.02), [0, 0.01, 0.02]);
  assert.deepEqual(ticks(0, 0.0375), [0, 0.01, 0.02, 0.03]);
  assert.deepEqual(ticks(0, 80), [0, 20, 40, 60, 80]);
  assert.deepEqual(ticks(-0.3, 0.2), [-0.2, 0, 0.2]);
  for (const high of [0.0123, 0.99, 3, 7.7, 12, 999]) {
    const all = ticks(0, high);
    assert.ok(all.length >= 3 && all.length <= 6 && all.every((value) => value >= 0 && value <= high), `${high}: ${all}`);
  }
});

test('the range is that of a share, begins at 0, or holds all of a logarithm', () => {
  assert.deepEqual(range('signal', [[1, 0.4]]), [0, 1]);
  assert.deepEqual(range('beta', [[1, 0.4], [2, 0.1]]), [0, 0.4]);
  assert.deepEqual(range('snr', [[1, -4], [2, 9]]), [-4, 9]);
  assert.deepEqual(range('snr', [[1, 3], [2, 3]]), [2, 4]);
  assert.deepEqual(range('snr', []), [0, 1]);
  assert.deepEqual(range('change', []), [0, 1]);
});

test('the first and the last step are labelled, and others where there is room', () => {
  assert.deepEqual(labelled(50, 3), [1, 26, 50]);
  assert.deepEqual(labelled(20, 11), [1, 3, 5, 7, 9, 11, 13, 15, 17, 20], 'the last but one would touch the last');
  assert.deepEqual(labelled(4, 9), [1, 2, 3, 4]);
  assert.deepEqual(labelled(1, 9), [1]);
  assert.deepEqual(labelled(7, 1), [1]);
});

test('a place on the axis and the step there', () => {
  const axis = { from: 18, long: 500, steps: 11 };
  assert.equal(placeOf(axis, 1), 18);
  assert.equal(placeOf(axis, 11), 518);
  for (let step = 1; step <= 11; step++) assert.equal(stepAt(axis, placeOf(axis, step) + 20), step);
  assert.equal(stepAt(axis, -100), 1);
  assert.equal(stepAt(axis, 9000), 11);
  assert.equal(stepAt({ from: 18, long: 0, steps: 1 }, 40), 1);
  assert.equal(placeOf({ from: 18, long: 0, steps: 1 }, 1), 18);
  const other = { from: 600, long: 500, steps: 3 };
  assert.equal(axisAt([axis, other], 500), axis);
  assert.equal(axisAt([axis, other], 570), other);
  assert.equal(axisAt([axis], 570), axis);
});
