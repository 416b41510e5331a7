import assert from 'node:assert/strict';
import { test } from 'node:test';
import { step } from '../testdata/steps.js';
import { whole } from './camera.js';
import { difference, drawing } from './drawing.js';
import { Film } from './film.js';
import { arrange, tile } from './layout.js';
import { halves } from './wipe.js';

const colours = { stage: '#010203', empty: '#040506', mark: '#070809' };

test('a line in the film strip is where a run is forked', () => {
  const film = new Film({ steps: 4, images: 1, channels: 1, height: 2, width: 2, columns: 0, forks: [2, 9] });
  for (let n = 1; n <= 4; n++) film.add(step(n, { steps: 4 }));
  const strip = { x: 10, y: 50, w: 100, h: 20, zoom: 10, cols: 4, rows: 1, gap: 6, tileWidth: 20, tileHeight: 20 };
  const scene = { films: [film], sides: [], clock: film, views: [], camera: whole, smooth: false };
  const { marks } = drawing(scene, { panels: [], strip, slots: 4, mark: 2, least: 0 }, colours);
  const lines = marks.filter(({ colour, to }) => colour === colours.mark && to.w === 2);
  assert.equal(lines.length, 1);
  assert.ok(lines[0].to.x > tile(strip, 1).x + 20 - 1 && lines[0].to.x < tile(strip, 2).x, 'after the second picture');
});

test('two films differ by what their pixels do', () => {
  const shape = { steps: 2, images: 2, channels: 1, height: 2, width: 2, columns: 0 };
  const [a, b] = [new Film(shape, 2), new Film(shape, 2)];
  a.add(step(1, { image: 1, images: 2, steps: 2, xt: Uint8Array.of(0, 10, 200, 255) }));
  assert.equal(difference([a, b], 1, 'xt'), undefined);
  b.add(step(1, { image: 1, images: 2, steps: 2, xt: Uint8Array.of(5, 5, 201, 0) }));
  assert.deepEqual([...(difference([a, b], 1, 'xt') ?? [])], [5, 5, 1, 255]);
  assert.deepEqual([...(difference([a, b], 1, 'xt', 16) ?? [])], [80, 80, 16, 255]);
  assert.equal(difference([a, b], 0, 'xt'), undefined);
});

/** A scene of films, and its layout. @param {number} films @param {Partial<import('./drawing.js').Scene>} [with_] */
function staged(films, with_ = {}) {
  const shape = { steps: 4, images: 2, channels: 1, height: 2, width: 2, columns: 0 };
  const made = Array.from({ length: films }, () => new Film(shape, films));
  /** @type {import('./drawing.js').Scene} */
  const scene = { films: made, sides: made.map((_, side) => side), clock: made[0], views: ['xt', 'x0'], camera: whole, smooth: false, ...with_ };
  const layout = arrange({ width: 900, height: 600, ratio: 1 }, shape, scene.views.length, scene.sides.length, 4);
  return { scene, layout, drawn: () => drawing(scene, layout, colours) };
}

test('every view of every picture has its place, empty or not', () => {
  const { scene, layout, drawn } = staged(1);
  assert.deepEqual(drawn().marks.filter((mark) => mark.picture), []);
  assert.equal(drawn().background, colours.stage);
  scene.films[0].add(step(1, { steps: 4, images: 2, image: 1 }));
  const { marks, size } = drawn();
  assert.deepEqual(size, { height: 2, width: 2, channels: 1 });
  const pictures = marks.filter((mark) => mark.picture);
  assert.deepEqual(
    pictures.map(({ to, within, picture }) => [to, within, picture?.view, picture?.pixels[0]]),
    [
      [tile(layout.panels[0], 1), layout.panels[0], 'xt', (31 + 7) & 255],
      [tile(layout.panels[1], 1), layout.panels[1], 'x0', (31 + 7 + 50) & 255],
    ],
  );
  assert.equal(marks.filter((mark) => mark.colour === colours.empty).length, 2 + layout.slots);
  const places = pictures.map(({ picture }) => picture?.place);
  assert.equal(new Set(places).size, places.length);
});

test('the strip has the first picture of each step, and marks the shown one', () => {
  const { scene, layout, drawn } = staged(1);
  for (const image of [0, 1]) scene.films[0].add(step(1, { steps: 4, images: 2, image }));
  const { marks } = drawn();
  const at = marks.findIndex((mark) => mark.colour === colours.mark);
  const first = tile(layout.strip, 0);
  const { mark: w } = layout;
  assert.deepEqual(marks[at].to, { x: first.x - w, y: first.y - w, w: first.w + 2 * w, h: first.h + 2 * w });
  assert.deepEqual([marks[at + 1].to, marks[at + 1].picture?.view, marks[at + 1].picture?.pixels[0]], [first, 'x0', 31 + 50]);
  assert.ok(marks.slice(at + 2).every((mark) => mark.colour === colours.empty));
});

test('what the camera leaves out is not drawn', () => {
  const { scene, layout, drawn } = staged(1, { views: ['x0'], camera: { scale: 8, x: 0.05, y: 0.05 } });
  for (const image of [0, 1]) scene.films[0].add(step(1, { steps: 4, images: 2, image }));
  const pictures = drawn().marks.filter((mark) => mark.within === layout.panels[0]);
  assert.deepEqual(pictures.map(({ picture }) => picture?.place), [0]);
  assert.ok(pictures[0].to.w > layout.panels[0].w, 'it is larger than its panel');
});

test('a difference is a separate side, in greys', () => {
  const { scene, layout, drawn } = staged(2, { sides: [0, 1, 2], views: ['epsilon'] });
  const [a, b] = scene.films;
  a.add(step(1, { steps: 4, images: 2, epsilon: Uint8Array.of(10, 20, 30, 40) }));
  b.add(step(1, { steps: 4, images: 2, epsilon: Uint8Array.of(11, 18, 30, 0) }));
  const { picture } = drawn().marks.find((mark) => mark.within === layout.panels[2] && mark.picture) ?? {};
  assert.deepEqual([picture?.view, ...(picture?.pixels ?? [])], ['xt', 1, 2, 0, 40]);
});

test('a picture says of what it comes, so that the same is given once', () => {
  const { scene, drawn } = staged(2, { sides: [0, 1, 2] });
  for (const film of scene.films) for (const n of [1, 2]) film.add(step(n, { steps: 4, images: 2 }));
  const of = () => drawn().marks.map(({ picture }) => picture?.of);
  const before = of();
  assert.ok(before.some((list) => list?.length));
  of().forEach((list, i) => assert.deepEqual(list?.map((what, j) => what === before[i]?.[j]), list?.map(() => true)));
  scene.films[0].show(1);
  assert.ok(of().some((list, i) => list?.some((what, j) => what !== before[i]?.[j])));
  scene.films[0].fade(2, 100);
  const panels = of().filter(Boolean).slice(0, 2);
  assert.deepEqual(panels.map((list) => list?.length), [0, 2], 'a mixture is new each time, and the other film is not mixed');
});

test('at the end the finished picture stands for the guess, and where it began for x_t', () => {
  const shape = { steps: 4, images: 2, channels: 1, height: 2, width: 2, columns: 0 };
  const film = new Film(shape);
  for (const n of [1, 2, 3, 4]) for (const image of [0, 1]) film.add(step(n, { steps: 4, images: 2, image, ...(image && { xt: new Uint8Array(4).fill(200 + n) }) }));
  const layout = arrange({ width: 900, height: 600, ratio: 1 }, shape, 2, 1, 4);
  /** @type {import('./drawing.js').Scene} */
  const scene = { films: [film], sides: [0], clock: film, views: ['xt', 'x0'], camera: whole, smooth: false };
  const of = (/** @type {Partial<import('./drawing.js').Scene>} */ with_) => {
    const { marks } = drawing({ ...scene, ...with_ }, layout, colours);
    return layout.panels.map((panel) => marks.find((mark) => mark.within === panel)?.picture);
  };
  const seen = (/** @type {Partial<import('./drawing.js').Scene>} */ with_) => of(with_).map((picture) => [picture?.view, picture?.pixels[0]]);
  assert.deepEqual(seen({}), [['xt', 4 * 31], ['x0', 4 * 31 + 50]]);
  assert.deepEqual(seen({ grown: 1, ended: true }), [['xt', 31], ['xt', 4 * 31]]);
  assert.deepEqual(seen({ grown: 0.5, ended: true }), [['xt', Math.round(2.5 * 31)], ['xt', 4 * 31]]);
  const second = drawing({ ...scene, grown: 1, ended: true }, layout, colours).marks.filter(({ within }) => layout.panels.includes(/** @type {any} */ (within)));
  assert.deepEqual([1, 3].map((i) => second[i].picture?.pixels[0]), [201, 204], 'each picture has its own beginning and end');
  // A new run has begun, and is not over: its guess has no other in its place.
  assert.deepEqual(seen({ grown: 1, ended: false }), [['xt', 31], ['x0', 4 * 31 + 50]]);
  assert.deepEqual([of({ grown: 0.5, ended: true })[0]?.of.length, of({ grown: 1, ended: true })[0]?.of.length], [0, 2]);
});

test('a view that takes the place of another pushes it to the side', () => {
  const { scene, layout, drawn } = staged(1, { views: ['x0'] });
  for (const image of [0, 1]) scene.films[0].add(step(1, { steps: 4, images: 2, image }));
  scene.leaf = { from: 'xt', way: 1, part: 0.25 };
  const [panel] = layout.panels;
  const at = tile(panel, 0);
  const off = Math.round(panel.w / 4);
  const pushed = drawn().marks.filter((mark) => mark.within === panel && mark.picture);
  assert.deepEqual(pushed.slice(0, 2).map(({ to, picture }) => [picture?.view, to.x, to.y]), [
    ['xt', at.x - off, at.y],
    ['x0', at.x + panel.w - off, at.y],
  ]);
  scene.leaf.way = -1;
  const back = drawn().marks.find((mark) => mark.within === panel && mark.picture);
  assert.deepEqual([back?.picture?.view, back?.to.x], ['xt', at.x + off]);
});

test('a line shows one film left of it and the other right of it, in the same place', () => {
  const { scene, layout, drawn } = staged(2, { sides: [0], wipe: 0.25, views: ['x0'] });
  for (const [side, film] of scene.films.entries()) for (const image of [0, 1]) film.add(step(1, { steps: 4, images: 2, image, x0: new Uint8Array(4).fill(side) }));
  const [panel] = layout.panels;
  const [left, right] = halves(panel, 0.25);
  const seen = drawn().marks.filter(({ picture, within }) => picture && within.h === panel.h);
  for (const { to, within, picture } of seen) {
    assert.deepEqual(within, picture?.pixels[0] ? right : left);
    assert.ok([0, 1].some((image) => JSON.stringify(to) === JSON.stringify(tile(panel, image))));
  }
  assert.equal(seen.filter(({ picture }) => picture?.pixels[0] === 1).length, 2, 'both pictures of the second are right of the line');
  scene.wipe = 1;
  assert.ok(drawn().marks.filter(({ picture, within }) => picture && within.h === panel.h).every(({ picture }) => picture?.pixels[0] === 0));
});
