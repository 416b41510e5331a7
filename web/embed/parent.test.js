import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Parent } from './parent.js';

const site = 'https://blog.test';

/** A player in a frame, and what it and its parent say. */
function framed() {
  /** @type {[any, string][]} */
  const posted = [];
  /** @type {((event: any) => void)[]} */
  const ears = [];
  const parent = { postMessage: (/** @type {any} */ message, /** @type {string} */ origin) => posted.push([message, origin]) };
  Object.assign(globalThis, { window: { parent }, addEventListener: (/** @type {string} */ _, /** @type {(event: any) => void} */ act) => ears.push(act) });
  /** @type {unknown[][]} */
  const asked = [];
  const note = (/** @type {string} */ what) => (/** @type {unknown[]} */ ...args) => void asked.push([what, ...args]);
  const wishes = { play: note('play'), pause: note('pause'), step: note('step'), hold: note('hold'), seek: note('seek'), reset: note('reset'), recipe: note('recipe'), options: note('options'), sleep: note('sleep'), picture: async () => new Blob(['png']) };
  const player = new Parent(wishes);
  /** @param {object} data @param {object} [more] */
  const says = (data, more = {}) => ears.forEach((act) => act({ source: parent, origin: site, data: { tweedie: 1, ...data }, ...more }));
  return { player, posted, asked, says };
}

test('nothing is said before the parent has spoken, and then all of it, to its origin alone', () => {
  const { player, posted, says } = framed();
  player.tell('ready', { recipe: 'm=x' });
  player.state(true);
  player.warn('theme is blue');
  assert.equal(posted.length, 0);
  says({ type: 'hello' });
  assert.deepEqual(posted, [
    [{ tweedie: 1, type: 'here' }, site],
    [{ tweedie: 1, type: 'ready', detail: { recipe: 'm=x' } }, site],
    [{ tweedie: 1, type: 'state', wanted: true, another: false }, site],
    [{ tweedie: 1, type: 'warn', text: 'theme is blue' }, site],
  ]);
  says({ type: 'hello' }, { origin: 'https://evil.test' });
  assert.equal(posted.length, 4);
});

test('what is asked is done, if it is what it should be', () => {
  const { asked, says } = framed();
  says({ type: 'hello' });
  for (const data of [
    { type: 'play' }, { type: 'hold', held: true }, { type: 'seek', step: 4 }, { type: 'recipe', recipe: 'm=x' },
    { type: 'options', options: { views: 'x0', loop: 3, theme: null } }, { type: 'sleep' },
    // These are not.
    { type: 'hold', held: 'yes' }, { type: 'seek', step: 1.5 }, { type: 'seek' }, { type: 'recipe', recipe: 7 }, { type: 'options', options: 'views' },
    { type: 'picture', number: 'one' }, { type: 'constructor' }, { type: 7 },
  ]) says(data);
  assert.deepEqual(asked, [['play'], ['hold', true], ['seek', 4], ['recipe', 'm=x'], ['options', { views: 'x0' }], ['sleep']]);
});

test('only the window around is heard, and only where it was', () => {
  const { asked, says } = framed();
  says({ type: 'play' });
  says({ type: 'hello' });
  says({ type: 'play' }, { source: {} });
  says({ type: 'play' }, { origin: 'https://evil.test' });
  says({ type: 'play', tweedie: 2 });
  assert.deepEqual(asked, []);
});

test('a picture is answered with its number', async () => {
  const { posted, says } = framed();
  says({ type: 'hello' });
  says({ type: 'picture', number: 3 });
  await new Promise((resolve) => setTimeout(resolve));
  const [{ type, number, picture }] = posted[1];
  assert.deepEqual([type, number, await picture.text()], ['picture', 3, 'png']);
});

test('a document without an origin is answered as anyone', () => {
  const { posted, says } = framed();
  says({ type: 'hello' }, { origin: 'null' });
  assert.deepEqual(posted, [[{ tweedie: 1, type: 'here' }, '*']]);
});

test('without a frame there is nobody to tell', () => {
  const { posted } = framed();
  const window = { postMessage: () => posted.push([{}, '']) };
  Object.assign(globalThis, { window: Object.assign(window, { parent: window }), addEventListener: () => assert.fail('it listens') });
  const nothing = /** @type {any} */ ({});
  new Parent(nothing).tell('ready', {});
  assert.equal(posted.length, 0);
});
