import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Course, judgedAlike } from './course.js';

const bytes = (/** @type {number[]} */ values) => new Uint8Array(new Float32Array(values).buffer);
const judged = (/** @type {number} */ value) => [{ name: 'off', at: -1, of: '', value, real: 0 }];
const valueAt = (/** @type {Course} */ course, /** @type {number} */ step) => course.judgedAt(step)?.measures[0].value;

test('a model is worth what it last was at a step, and nothing before', () => {
  const course = new Course();
  course.begin(0);
  course.judge({ step: 100, measures: judged(0.5) });
  course.judge({ step: 200, measures: judged(0.25) });
  assert.deepEqual([99, 100, 199, Infinity].map((step) => valueAt(course, step)), [undefined, 0.5, 0.5, 0.25]);
  course.judge({ step: 200, measures: judged(0.125) });
  assert.equal(valueAt(course, 200), 0.125);
});

test('a recipe that begins has what the one before was worth until it is judged itself', () => {
  const course = new Course();
  course.judge({ step: 100, measures: judged(0.5) });
  course.begin(0);
  assert.equal(valueAt(course, Infinity), 0.5);
  course.judge({ step: 150, measures: judged(0.25) });
  assert.equal(valueAt(course, 149), undefined, 'what another model was worth is gone');
  course.forget();
  assert.equal(valueAt(course, Infinity), undefined);
});

test('the loss of a step is the mean of the fifty before it', () => {
  const course = new Course();
  assert.ok(Number.isNaN(course.lossAt(10)));
  course.progress({ step: 60, losses: bytes(Array(60).fill(1)) });
  course.progress({ step: 110, losses: bytes(Array(50).fill(3)) });
  assert.deepEqual([10, 60, 85, Infinity].map((step) => course.lossAt(step)), [1, 1, 2, 3]);
  course.progress({ step: 80, losses: bytes(Array(20).fill(5)) }); // training goes on from an earlier step
  assert.equal(course.losses.length, 80);
  course.begin(0);
  assert.equal(course.losses.length, 0);
});

test('two models are shown after as much training, and at their ends as they came out', () => {
  const [slow, fast] = [new Course(), new Course()];
  for (const step of [50, 100]) slow.judge({ step, measures: judged(step) });
  for (const step of [60, 90, 200]) fast.judge({ step, measures: judged(step) });
  const steps = (/** @type {number} */ step) => judgedAlike([slow, fast], step).map((one) => one?.step);
  assert.deepEqual(steps(Infinity), [100, 200]);
  assert.deepEqual(steps(190), [100, 90]);
  assert.deepEqual(steps(70), [50, 60]);
  assert.deepEqual(steps(55), [50, undefined]);
  assert.deepEqual(judgedAlike([slow], 99).map((one) => one?.step), [50]);
});
