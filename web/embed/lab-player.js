// Entry of lab-player.html, the lab's player: the plane of a model that learns with one line of
// controls, for frames in other pages.
//
//   web/lab-player.html?views=data,points&controls=on&loop=on&theme=light&lang=en#d=moons&p=x0
//
// It speaks with the page around as the player does (player.js lists what), so that <tweedie-sampler
// lab> is the same element. A step is one of training; play trains, or plays what was learned again.

/** @import { Described, Done, Sampled, Snapshot, Started } from '../lab/messages.js' */
/** @import { Failure, Heard } from '../lab/engine.js' */
/** @import { Layer } from '../lab/compose.js' */
/** @import { Key } from '../text/i18n.js' */
import { allow, element, lessMotion, onClick } from '../document/elements.js';
import { wanted } from '../document/fragment.js';
import { dispatch, trouble } from '../document/state.js';
import { png } from '../files/png.js';
import { lossText } from '../lab/figures.js';
import { Clock } from '../lab/clock.js';
import { compose } from '../lab/compose.js';
import { presetName } from '../lab/controls.js';
import { Engine } from '../lab/engine.js';
import { Film, numbers, taken, timeAt } from '../lab/film.js';
import { Painter } from '../lab/painter.js';
import { reasons } from '../lab/refused.js';
import { Stage } from '../lab/stage.js';
import { en, zh } from '../text/embed.js';
import { knows, learn, say, text } from '../text/i18n.js';
import { en as own, zh as ownZh } from '../text/lab-embed.js';
import { en as plane, zh as planeZh } from '../text/plane.js';
import { explain } from '../text/refusal.js';
import { attend, dress, light, showGo } from './guest.js';
import { Parent } from './parent.js';

/** Layers that need no more than what was drawn. @type {Layer[]} */
const layers = ['data', 'points', 'trails', 'guess'];
/** Options of the picture's player that the lab's has not. */
const foreign = ['strip', 'labels'];
/** Of the plane, in both themes: its points were chosen for it. */
const ground = '#0e1014';
/** Points of the data that are shown, and losses that the loss is a mean of. */
const shownData = 1500;
const smooth = 50;
/** Pixels of the side of a PNG, at least and at most. */
const [leastSide, mostSide] = [160, 4096];

const root = document.documentElement;
const still = lessMotion();
const parameters = new URLSearchParams(location.search);
const range = /** @type {HTMLInputElement} */ (element('timeline'));
const canvas = /** @type {HTMLCanvasElement} */ (element('canvas'));

/** Why it waits, whatever is wanted. @type {Set<string>} */
const holds = new Set(parameters.has('held') ? ['parent'] : []);
const run = {
  /** loading, ready, running, done or failed; as documentElement.dataset.state tells it. */
  state: 'loading',
  recipe: wanted(location.hash),
  wanted: parameters.get('start') !== 'off' && !still.matches,
  /** Whether the worker was asked to wait. */
  resting: false,
  step: 0,
  /** The training step that a page looks back at, or undefined. @type {number | undefined} */
  moment: undefined,
  /** Steps that are on the stage already and are taken again. */
  reached: 0,
  /** Whether the next snapshot is the first of another recipe. */
  renewed: true,
  asleep: false,
  loop: parameters.has('loop'),
  theme: 'auto',
  began: 0,
};
/** @type {Started | undefined} */
let started;
/** @type {Described | undefined} */
let described;
let losses = /** @type {number[]} */ ([]);
/** @type {{points: Float32Array, classes: Uint8Array} | undefined} */
let data;
/** @type {Set<Layer>} */
let shown = new Set();

const film = new Film();
const clock = new Clock(() => showMoment(), () => showButtons());
const engine = new Engine((message) => hear(message));
const parent = new Parent({
  play: () => want(true),
  pause: () => want(false),
  step,
  hold: (held) => hold('parent', held),
  seek,
  reset,
  recipe: (recipe) => open(recipe),
  options,
  picture: async (width) => (film.last ? picture(width) : null),
  sleep,
});
const scene = (/** @type {import('../lab/scene.js').Window} */ window) =>
  compose({ window, background: ground, layers: shown, take: take(), moment: clock.moment, data, classes: valueOf('c') !== 'none', heat: undefined, scored: undefined, chosen: { clouds: [], paths: [] } });
const stage = new Stage(element('box'), canvas, { scene, pressed: () => {}, over: () => {}, left: () => {}, viewed: () => {} });

/** The snapshot that is shown. */
function take() {
  return run.moment === undefined ? film.last : film.at(run.moment);
}

/** @param {string} key of the recipe */
function valueOf(key) {
  return started?.fields.find((field) => field.key === key)?.value ?? 'none';
}

/** @param {typeof run.state} state */
function enter(state) {
  run.state = state;
  root.dataset.state = state;
  element('loading').hidden = state !== 'loading';
  showButtons();
}

/** @param {string} type @param {Record<string, unknown>} [detail] */
function tell(type, detail = {}) {
  const whole = { recipe: run.recipe, ...detail };
  parent.tell(type, whole);
  dispatch(type, whole);
}

async function load() {
  enter('loading');
  element('trouble').hidden = true;
  try {
    described = /** @type {Described} */ (await engine.ask(/** @type {const} */ ({ type: 'describe' })));
  } catch {
    return; // of a worker that is gone it was told
  }
  open(run.recipe);
}

/** Takes a recipe, in place of the one that goes on. @param {string} recipe */
function open(recipe) {
  run.recipe = wanted(recipe);
  element('home').setAttribute('href', `lab.html#${run.recipe}`);
  element('trouble').hidden = true;
  if (run.state === 'done' || run.state === 'failed') run.wanted = !still.matches;
  run.asleep = false;
  run.reached = 0;
  begin();
}

/** Has the recipe carried out, from its beginning. @param {boolean} [again] whether also where the network has learned it */
function begin(again = false) {
  run.resting = !going();
  engine.train(run.recipe, { again, wait: run.resting });
}

/** @param {Heard} message */
function hear(message) {
  // What a refused recipe has left alone is of no interest here.
  if (run.state === 'failed' && message.type !== 'started' && message.type !== 'failed') return;
  switch (message.type) {
    case 'started':
      return begun(message);
    case 'progress':
      losses = [...losses, ...numbers(message.losses)].slice(-smooth);
      run.step = message.step;
      showFigures();
      if (message.step >= run.reached) tell('step', { step: message.step, steps: started?.steps, t: t(), ms: message.milliseconds });
      return;
    case 'snapshot':
      return drawn(message);
    case 'done':
      return done(message);
    case 'failed':
      return void fail(message);
  }
}

/** @param {Started} message */
function begun(message) {
  const first = !started;
  started = message;
  run.step = message.step;
  run.renewed = run.reached === 0;
  run.moment = undefined;
  run.began = performance.now();
  if (message.step === 0) losses = [];
  enter('running');
  void bring(message.recipe);
  showFigures();
  if (first || run.renewed) {
    const classes = message.classes;
    tell('ready', { title: presetName(valueOf('d')), classes, samplers: described?.samplers ?? [] });
  }
  proceed();
}

/** @param {Snapshot} message */
function drawn(message) {
  if (run.renewed) film.clear();
  run.renewed = false;
  if (message.step < run.reached) return; // it is on the stage already
  const first = film.takes.length === 0;
  film.add(taken(message));
  if (first) tell('first');
  proceed();
  showMoment();
}

/** @param {Done} message */
function done(message) {
  run.recipe = message.recipe;
  element('home').setAttribute('href', `lab.html#${message.recipe}`);
  run.reached = 0;
  clock.again = run.loop;
  enter('done');
  tell('done', { sha256: message.hash, ms: performance.now() - run.began });
}

/** @param {Failure} failure */
async function fail(failure) {
  enter('failed');
  clock.stop();
  if (!failure.gone) engine.steer('pause');
  /** @type {Key} */
  let key = failure.diverged ? 'lab.diverged' : 'lab.blank';
  const again = () => {
    run.wanted = true;
    if (described) open(run.recipe);
    else void load();
  };
  if (failure.gone) {
    key = started ? 'lab.lost' : 'lab.unloaded';
    trouble(key, { why: failure.message }, again);
    return tell('error', { message: text(key, { why: failure.message }), reason: started ? 'run' : 'load' });
  }
  trouble(key, {}, undefined);
  if (!failure.diverged && !failure.blank) {
    await Promise.all([reasons(), named()]);
    const label = `lab.key.${failure.key}`;
    explain(element('trouble-text'), failure, knows(label) ? () => text(/** @type {Key} */ (label)) : failure.key);
  }
  tell('error', { message: element('trouble-text').textContent, reason: failure.diverged || failure.blank ? 'run' : 'recipe' });
}

/** Brings the names of the recipe's keys; without them the keys themselves will do. */
function named() {
  return import('../text/lab.js').then(({ en, zh }) => learn(en, zh), () => {});
}

/** Points of the recipe's data. @param {string} recipe */
async function bring(recipe) {
  const answer = /** @type {Sampled | undefined} */ (await engine.ask(/** @type {const} */ ({ type: 'sample', recipe, points: shownData })).catch(() => undefined));
  if (!answer) return;
  data = { points: numbers(answer.points), classes: answer.classes };
  stage.ask();
}

/** The page around has many players. The worker of this one ends; what it has drawn stays. */
function sleep() {
  if (run.asleep || run.state === 'loading' || run.state === 'failed') return;
  engine.end();
  run.asleep = true;
  clock.stop();
  if (run.state === 'running') run.reached = run.step;
}

function going() {
  return run.wanted && holds.size === 0;
}

/** Whether it runs or waits. @param {boolean} wanted */
function want(wanted) {
  run.wanted = wanted;
  if (wanted && clock.moment === 1) clock.again = run.loop || run.state !== 'done';
  proceed();
}

/** @param {string} reason @param {boolean} held */
function hold(reason, held) {
  if (held) holds.add(reason);
  else holds.delete(reason);
  proceed();
}

/** Brings what happens in line with what is wanted and possible. */
function proceed() {
  if (run.state === 'running') {
    if (run.asleep && going()) {
      run.asleep = false;
      begin();
    } else if (!run.asleep && going() === run.resting) {
      run.resting = !going();
      engine.steer(going() ? 'resume' : 'pause');
    }
  }
  const moves = going() && film.last && (run.state === 'running' ? !still.matches : run.state === 'done');
  if (moves) clock.play();
  else clock.stop();
  showButtons();
}

function step() {
  run.wanted = false;
  proceed();
  if (run.state !== 'running') return;
  run.moment = undefined;
  if (run.asleep) {
    run.asleep = false;
    begin();
  }
  engine.steer('step');
}

/** Shows what the network of a training step drew, 0 the newest. @param {number} to */
function seek(to) {
  run.moment = to <= 0 || to >= run.step ? undefined : to;
  showMoment();
}

function reset() {
  run.wanted = run.asleep = false;
  run.reached = 0;
  if (run.state !== 'loading') begin(true);
}

/** The plane as a PNG with the recipe in it. @param {number} [width] pixels that it is wide at least */
function picture(width = 0) {
  const side = Math.max(leastSide, Math.min(mostSide, width));
  const copy = document.createElement('canvas');
  const { x, y } = stage.window;
  const scale = stage.window.scale * (side / Math.max(1, Math.min(stage.size.width, stage.size.height)));
  new Painter(copy).draw(scene({ x, y, scale }), side, side, 1);
  const pixels = /** @type {CanvasRenderingContext2D} */ (copy.getContext('2d')).getImageData(0, 0, side, side);
  return png(pixels, run.recipe);
}

/** @param {Record<string, string>} given */
function options(given) {
  const { views = '', loop, theme = 'auto' } = given;
  const spoken = dress(given, { views: layers }, parent);
  for (const name of foreign) if (given[name]) parent.warn(text('embed.foreign', { name }));
  run.loop = Boolean(loop) && !still.matches;
  run.theme = theme;
  light(theme);
  const asked = layers.filter((layer) => views.split(',').includes(layer));
  shown = new Set(asked.length > 0 ? asked : /** @type {Layer[]} */ (['data', 'points', 'trails']));
  void spoken.then(() => {
    showMoment();
    showButtons();
  });
}

/** The timestep that is shown. */
function t() {
  const of = take();
  return of ? Math.round(timeAt(of, clock.moment)) : 0;
}

function showFigures() {
  if (!started) return;
  const at = run.moment === undefined ? run.step : (take()?.step ?? 0);
  const values = { step: at, steps: started.steps };
  const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
  if (losses.length > 0 && run.moment === undefined) say(element('figures'), 'embed.lab.figures', { ...values, loss: lossText(loss) });
  else say(element('figures'), 'embed.lab.step', values);
}

/** Shows where the time of the drawing stands. */
function showMoment() {
  const now = t();
  range.value = String(Math.round(1000 * clock.moment));
  range.style.setProperty('--done', `${100 * clock.moment}%`);
  range.setAttribute('aria-valuetext', text('lab.t', { t: now }));
  say(element('count'), 'lab.t', { t: now });
  const of = take();
  if (of && (!clock.playing || clock.moment === 1)) say(element('plane-state'), 'lab.state', { points: of.points, step: of.step, steps: started?.steps ?? 0, t: now });
  showFigures();
  stage.ask();
}

function showButtons() {
  const learns = run.state === 'running';
  const moving = learns ? !run.resting && !run.asleep : clock.playing;
  /** @type {Key} */
  const key = learns ? (moving ? 'run.pause' : 'run.resume') : run.state === 'done' ? (moving ? 'time.hold' : 'time.play') : 'run.start';
  showGo(key, moving);
  allow('go', learns || run.state === 'done');
  allow('one', learns);
}

function listen() {
  onClick('go', () => {
    const to = run.state === 'running' ? run.resting || run.asleep : !clock.playing;
    parent.state(to && run.state !== 'done');
    want(to);
  });
  onClick('one', () => {
    parent.state(false);
    step();
  });
  range.addEventListener('input', () => {
    clock.set(Number(range.value) / 1000);
    showMoment();
  });
  addEventListener('hashchange', () => open(location.hash));
}

learn(en, zh);
learn(own, ownZh);
learn(plane, planeZh);
options({ ...Object.fromEntries(parameters), controls: parameters.has('held') ? (parameters.get('controls') ?? '') : 'on' });
say(element('loading-text'), 'lab.loading');
attend(hold, () => light(run.theme));
listen();
if (!('closed' in root.dataset)) void load();
root.removeAttribute('data-arriving');
