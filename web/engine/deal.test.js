import assert from 'node:assert/strict';
import { test } from 'node:test';
import { started, step } from '../testdata/steps.js';
import { Deal } from './deal.js';

/** @import { RunMessage } from '../types.js' */
/** @import { Member } from './member.js' */

/** A worker that notes what it is asked. */
function worker() {
  const asked = /** @type {any[]} */ ([]);
  const member = { share: -1, made: -1, ahead: 0, taken: 0, begin() {}, took: () => member.taken++, post: (/** @type {any} */ message) => asked.push(message) };
  return { asked, member: /** @type {Member & {taken: number}} */ (/** @type {unknown} */ (member)) };
}

/**
 * A run that is dealt to a number of workers, each of which has begun.
 * @param {number} shares @param {{steps?: number, images?: number}} [of]
 */
function dealt(shares, { steps = 2, images = 5 } = {}) {
  const heard = /** @type {RunMessage[]} */ ([]);
  const deal = new Deal(7, 'm=x', 4, (message) => heard.push(message));
  const workers = Array.from({ length: shares }, worker);
  deal.give(0, workers[0].member);
  const begun = started({ id: 7, recipe: 'm=x&by=1', steps, images, shares });
  deal.hear(deal.shares[0], begun);
  workers.slice(1).forEach(({ member }, i) => {
    deal.give(i + 1, member);
    deal.hear(deal.shares[i + 1], begun);
  });
  /** A share's picture of a step. @param {number} share @param {number} n @param {number} image */
  const say = (share, n, image) => deal.hear(deal.shares[share], step(n, { id: 7, steps, images, image }));
  const order = () => heard.flatMap((message) => (message.type === 'step' ? [`${message.step}.${message.image}`] : []));
  return { deal, heard, workers, say, order };
}

test('pictures are passed on in their order, from any worker', () => {
  const { say, order, heard } = dealt(3);
  say(2, 1, 2);
  say(0, 1, 0);
  assert.deepEqual(order(), ['1.0']);
  say(0, 1, 3);
  say(2, 2, 2);
  say(1, 1, 1);
  assert.deepEqual(order(), ['1.0', '1.1', '1.2', '1.3']);
  say(1, 1, 4);
  for (const [share, image] of [[1, 4], [0, 3], [1, 1], [0, 0]]) say(share, 2, image);
  assert.deepEqual(order(), ['1.0', '1.1', '1.2', '1.3', '1.4', '2.0', '2.1', '2.2', '2.3', '2.4']);
  assert.equal(heard.filter(({ type }) => type === 'started').length, 1);
});

test('a share that is made again repeats nothing', () => {
  const { deal, say, order, workers } = dealt(2, { images: 2 });
  say(0, 1, 0);
  say(1, 1, 1);
  say(0, 2, 0);
  deal.take(workers[1].member);
  assert.equal(deal.open, 1);
  const other = worker();
  deal.give(1, other.member);
  assert.deepEqual([other.asked[0].type, other.asked[0].share, other.asked[0].of], ['run', 1, 4]);
  say(1, 1, 1);
  assert.deepEqual(order(), ['1.0', '1.1', '2.0']);
  say(1, 2, 1);
  assert.deepEqual(order(), ['1.0', '1.1', '2.0', '2.1']);
  assert.equal(other.member.taken, 2);
});

test('a worker hears that its picture was taken, and waits until then', () => {
  const { say, workers } = dealt(2, { images: 2 });
  say(1, 1, 1);
  assert.deepEqual([workers[1].member.ahead, workers[1].member.taken], [1, 0]);
  say(0, 1, 0);
  assert.deepEqual([workers[0].member.taken, workers[1].member.taken], [1, 1]);
});

test('a run rests once every share does that is not over', () => {
  const { deal, heard, say, workers } = dealt(3, { images: 3, steps: 3 });
  for (const share of [0, 1, 2]) say(share, 1, share);
  deal.steer('pause');
  assert.deepEqual(workers.map(({ asked }) => asked.at(-1).type), ['pause', 'pause', 'pause']);
  const rest = (/** @type {number} */ share, at = 1) => deal.hear(deal.shares[share], { type: 'paused', id: 7, step: at });
  rest(0);
  deal.hear(deal.shares[1], { type: 'part', id: 7, ms: 5 });
  assert.equal(heard.at(-1)?.type, 'step');
  rest(2);
  assert.deepEqual(heard.at(-1), { type: 'paused', id: 7, step: 1 });
});

test('a step goes as far as the next that is whole, and no worker before it', () => {
  const { deal, heard, say, workers } = dealt(2, { images: 2, steps: 5 });
  say(0, 1, 0);
  say(1, 1, 1);
  deal.steer('step');
  assert.deepEqual(workers.map(({ asked }) => asked.at(-1)), [{ type: 'next', id: 7, until: 2 }, { type: 'next', id: 7, until: 2 }]);
  deal.steer('step');
  assert.equal(workers[0].asked.at(-1).until, 3);
  deal.hear(deal.shares[0], { type: 'paused', id: 7, step: 2 });
  deal.hear(deal.shares[1], { type: 'paused', id: 7, step: 2 });
  assert.notEqual(heard.at(-1)?.type, 'paused', 'it was asked to go on since');
  const late = worker();
  deal.take(workers[1].member);
  deal.give(1, late.member);
  assert.deepEqual(late.asked.map(({ type, until }) => [type, until]), [['run', undefined], ['next', 3]]);
});

test('a worker that comes late waits with the others', () => {
  const { deal, workers } = dealt(2);
  deal.steer('pause');
  deal.take(workers[1].member);
  const late = worker();
  deal.give(1, late.member);
  assert.equal(late.asked.at(-1).type, 'pause');
});

test('a cancelled run is over once everyone has said so who has begun', () => {
  const { deal, workers } = dealt(2);
  deal.shares.push({ member: worker().member, begun: false, paused: false, over: false, ms: 0 });
  deal.cancel();
  assert.deepEqual(workers.map(({ asked }) => asked.at(-1).type), ['cancel', 'cancel']);
  assert.deepEqual(deal.shares.map(({ over }) => over), [false, false, true]);
  deal.hear(deal.shares[0], { type: 'cancelled', id: 7, step: 1 });
  deal.take(workers[1].member);
  assert.ok(deal.shares.every(({ over }) => over));
});

test('the end is made of the newest pictures, in order, and took as long as the slowest share', () => {
  const { deal, say } = dealt(2, { images: 3, steps: 1 });
  for (const [share, image] of [[1, 1], [0, 2], [0, 0]]) say(share, 1, image);
  assert.equal(deal.complete, false);
  deal.hear(deal.shares[0], { type: 'part', id: 7, ms: 40 });
  deal.hear(deal.shares[1], { type: 'part', id: 7, ms: 60 });
  assert.equal(deal.complete, true);
  const { type, recipe, bytes } = deal.combine();
  assert.deepEqual([type, recipe, bytes.length], ['combine', 'm=x&by=1', 12]);
  assert.deepEqual([bytes[0], bytes[4], bytes[8]], [0, 1, 2].map((image) => step(1, { image }).xt[0]));
  const done = /** @type {const} */ ({ type: 'done', id: 7, recipe, hash: '', ms: 1, differs: '' });
  assert.equal(deal.timed(done).ms, 60);
});

test('steps that are made again are counted from their first', () => {
  const { deal, order, workers } = dealt(1, { images: 1, steps: 9 });
  deal.again = { from: 4, to: 5 };
  deal.give(0, workers[0].member);
  assert.deepEqual([workers[0].asked.at(-1).from, workers[0].asked.at(-1).to], [4, 5]);
  deal.hear(deal.shares[0], step(4, { images: 1 }));
  deal.hear(deal.shares[0], step(5, { images: 1 }));
  assert.deepEqual(order(), ['4.0', '5.0']);
});
