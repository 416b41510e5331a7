// Entry of player.html, the player: a stage with one line of controls, for
// frames in other pages.
//
//   web/player.html?views=xt,x0&strip=none&controls=on&labels=on&loop=on&theme=light&lang=en#m=digits&c=7
//
// The recipe is the fragment, as in the page's address; without one the model's
// own runs, and another one runs when the fragment changes. It begins at once,
// unless motion is unwanted or start=off is given, and waits while it is out of
// sight. A plain frame needs no more than that. While it loads it plays the
// recorded run, if that is of this very recipe; in an element it does so where
// there is no poster (first=on).
//
// A page that frames it may speak with it by postMessage. All messages are
// objects with tweedie: 1 and a type. The player answers only the window that
// frames it, and only at the origin that its first message came from:
//
//   hello                  asks for everything below; answered with `here`
//   play, pause, step      runs or plays again; waits; makes one solver step
//   hold {held}            waits for the page, whatever is wanted (held=on at first)
//   seek {step}            shows a step, 0 the newest
//   reset                  forgets the run
//   recipe {recipe}        another recipe, of this model or another
//   options {options}      as in the address, and the colours accent, background, text, line
//   picture {number}       answered with `picture {number, picture}`, a PNG or null; with width, so wide at least
//   sleep                  gives the sampler back; what is shown stays
//
// and hears, all with detail.recipe:
//
//   first {detail}         the recorded run is shown as a poster
//   ready {detail}         the model is there: title, classes, samplers
//   progress {detail}      done and total bytes of what is loaded
//   step {detail}          step, steps, t, ms
//   done {detail}          sha256, ms
//   error {detail}         message, one sentence, and reason: recipe, load or run
//   state {wanted}         a person has started or paused it with its own controls; with another, by another run
//   warn {text}            an option that it does not know

/** @import { Described, Done, Failed, Started, Step } from '../types.js' */
/** @import { Key, Values } from '../text/i18n.js' */
/** @import { View } from '../stage/views.js' */
import { allow, element, lessMotion, onClick } from '../document/elements.js';
import { bare, isRecorded, modelOf, ofPage } from '../document/fragment.js';
import { dispatch, trouble } from '../document/state.js';
import { Refusal } from '../engine/crew.js';
import { valueOf } from '../engine/fields.js';
import { Trouble, withoutStop } from '../load/loader.js';
import { RunView } from '../run/view.js';
import { showLegends, views as allViews } from '../stage/views.js';
import { en, zh } from '../text/embed.js';
import { foreign, learn, text } from '../text/i18n.js';
import { attend, dress, light, showGo } from './guest.js';
import { Parent } from './parent.js';
import { Replay, dissolve, picture } from './replay.js';

/** The values of options that have few. */
const known = { views: [...allViews], strip: ['row', 'none'] };
/** CSS pixels of the film strip: one row. */
const stripRow = 32;

const root = document.documentElement;
const still = lessMotion();
const parameters = new URLSearchParams(location.search);
const range = /** @type {HTMLInputElement} */ (element('timeline'));

const view = new RunView(
  { recorded: ({ step }) => step === 1 && tell('first'), started, picture: isNews, step: stepped, done, failed },
  'web/embed/first.bin',
);
const { stage, engine } = view;
const replay = new Replay(stage, showMoment);
const parent = new Parent({
  play: () => want(true),
  pause: () => want(false),
  step,
  hold: (held) => hold('parent', held),
  seek,
  reset,
  recipe: (recipe) => void open(recipe),
  options,
  picture: (width) => (run.begun ? picture(stage.film, view.recipe, width) : Promise.resolve(null)),
  sleep,
});

/** Why it waits, whatever is wanted. @type {Set<string>} */
const holds = new Set(parameters.has('held') ? ['parent'] : []);
const run = {
  /** The model that is loaded. */
  model: '',
  /** loading, ready, running, done or failed; as documentElement.dataset.state tells it. */
  state: 'loading',
  wanted: parameters.get('start') !== 'off' && !still.matches,
  /** What the recipe comes to, once it is known. @type {Described['fields']} */
  fields: {},
  /** Whether the worker was asked to wait. */
  resting: false,
  /** Whether there was a run, beside the recorded one. */
  begun: false,
  /** Whether a step was asked for before there was a model. */
  stepping: false,
  /** Whether the sampler was given back; whether its next run makes steps again that are on the stage. */
  asleep: false,
  repeats: false,
  loop: parameters.has('loop'),
  theme: 'auto',
};
view.recipe = ofPage(bare(location.hash, ['preview']));

/** @param {typeof run.state} state */
function enter(state) {
  run.state = state;
  root.dataset.state = state;
  showButtons();
}

/** @param {string} type @param {Record<string, unknown>} [detail] */
function tell(type, detail = {}) {
  const whole = { recipe: view.recipe, ...detail };
  parent.tell(type, whole);
  if (type !== 'progress') dispatch(type, whole);
}

/** Counts the loads: one that is begun again has nothing to say. */
let loads = 0;

async function load() {
  const current = ++loads;
  element('trouble').hidden = true;
  element('loading').hidden = false;
  enter('loading');
  try {
    const name = modelOf(view.recipe, run.model);
    run.model = '';
    const { model } = await view.loader.load(name, () => void load());
    if (current !== loads) return;
    run.model = name;
    element('loading').hidden = true;
    offer(model.classes);
    const opened = await open(view.recipe || model.defaults);
    if (opened) tell('ready', { title: model.title, classes: model.classes, samplers: model.samplers });
  } catch (error) {
    if (current !== loads) return;
    if (!(error instanceof Trouble)) throw error;
    fail('load', error.key, error.values, () => void load());
  }
}

/** Offers the classes of a model. @param {string[]} classes */
function offer(classes) {
  const choice = (/** @type {string} */ name) => {
    const button = document.createElement('button');
    button.className = 'button toggle';
    Object.assign(button, { type: 'button', value: name });
    button.textContent = foreign(name);
    button.addEventListener('click', () => void change({ c: name, w: '', ...(classOf() === 'all' && { n: '' }) }));
    return button;
  };
  element('labels').replaceChildren(...classes.map(choice));
  showClass();
}

/** The class of the recipe, none where it spells a word. */
function classOf() {
  return valueOf(run.fields, 'w') ? '' : valueOf(run.fields, 'c');
}

function showClass() {
  const chosen = classOf();
  for (const button of element('labels').children) {
    button.setAttribute('aria-pressed', String(/** @type {HTMLButtonElement} */ (button).value === chosen));
  }
}

/** A reader asks for another run. @param {Record<string, string>} set keys of the recipe */
async function change(set) {
  try {
    const { recipe } = await engine.describe(view.recipe, undefined, { without: ['result'], set });
    parent.state(true, true);
    run.wanted = true;
    await open(recipe, true);
  } catch (error) {
    if (!(error instanceof Refusal)) return fail('run', 'error.worker', {}, () => void load());
    fail('recipe', 'error.recipe', { detail: withoutStop(error.message) });
  }
}

/**
 * Takes a recipe, in place of the one that runs.
 * @param {string} recipe @param {boolean} [asked] for by a reader
 * @returns {Promise<boolean>} whether it can be run
 */
async function open(recipe, asked = false) {
  view.recipe = ofPage(bare(recipe, ['preview']));
  element('home').setAttribute('href', `../#${view.recipe}`);
  if (run.state === 'loading' && !element('loading').hidden) return false;
  element('trouble').hidden = true;
  if (run.state === 'running') engine.cancel();
  if (run.state === 'done' || run.state === 'failed') run.wanted = asked || !still.matches;
  run.asleep = run.repeats = false;
  replay.hold();
  if (modelOf(view.recipe, run.model) !== run.model) {
    await load();
    return false; // which has told of it
  }
  enter('loading');
  const wish = view.recipe;
  try {
    const described = await engine.describe(wish);
    if (wish !== view.recipe) return false;
    view.recipe = described.recipe;
    run.fields = described.fields;
    showClass();
    enter('ready');
    catchUp();
    return true;
  } catch (error) {
    if (wish !== view.recipe) return false;
    if (error instanceof Refusal) fail('recipe', 'error.recipe', { detail: withoutStop(error.message) });
    else fail('run', 'error.worker', {}, () => void load());
    return false;
  }
}

/** @param {'recipe' | 'load' | 'run'} reason @param {Key} key @param {Values} values @param {() => void} [again] */
function fail(reason, key, values, again) {
  enter('failed');
  trouble(key, values, again);
  tell('error', { message: text(key, values), reason });
}

/**
 * The page around has many players. The worker of this one ends; the film stays,
 * and with it what is shown. A run that was under way is made again when it is
 * wanted, and seen from where it was.
 */
function sleep() {
  if (run.asleep || run.state === 'loading' || run.state === 'failed') return;
  engine.end();
  run.asleep = true;
  if (run.state !== 'running') return;
  run.repeats = true;
  enter('ready');
}

/** Whether it runs or waits. @param {boolean} wanted */
function want(wanted) {
  run.wanted = wanted;
  if (wanted && run.state === 'done') replay.start();
  if (!wanted) replay.hold();
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
  const going = run.wanted && holds.size === 0;
  replay.held = holds.size > 0;
  if (run.state === 'ready' && going) {
    run.resting = run.asleep = false;
    engine.run(view.recipe);
  } else if (run.state === 'running' && going === run.resting) {
    run.resting = !going;
    engine.steer(going ? 'resume' : 'pause');
  }
  showButtons();
}

function step() {
  run.wanted = false;
  replay.hold();
  if (run.state === 'loading') run.stepping = true;
  else if (run.state === 'ready') engine.run(view.recipe, !run.repeats);
  else if (run.state === 'running') engine.steer('step');
  else if (run.state === 'done') seek(stage.film.current + stage.film.stride);
  run.resting = true;
  showButtons();
}

/** What was asked for while there was no model. */
function catchUp() {
  if (!run.stepping) return proceed();
  run.stepping = false;
  step();
}

/** @param {number} to */
function seek(to) {
  replay.hold();
  stage.seek(to >= stage.film.latest ? 0 : Math.max(0, to));
  showMoment();
  showButtons();
}

function reset() {
  replay.hold();
  run.wanted = false;
  if (run.state === 'running') engine.cancel();
  if (run.state === 'running' || run.state === 'done' || run.repeats) {
    run.repeats = false;
    stage.begin(stage.film.shape);
    enter('ready');
  }
  showMoment();
}

/** @param {Record<string, string>} given */
function options(given) {
  const { views = '', labels, loop, theme = 'auto', strip } = given;
  const spoken = dress(given, known, parent);
  element('labels').hidden = !labels;
  run.loop = Boolean(loop) && !still.matches;
  run.theme = theme;
  relight();
  stage.strip = strip === 'none' ? 0 : stripRow;
  const shown = allViews.filter((view) => views.split(',').includes(view));
  stage.show(shown.length > 0 ? shown : /** @type {View[]} */ (['xt', 'x0']));
  void spoken.then(() => {
    for (const button of element('labels').children) button.textContent = foreign(/** @type {HTMLButtonElement} */ (button).value);
    showMoment();
    showButtons();
  });
}

function relight() {
  light(run.theme);
  stage.show(stage.views);
}

/** @param {Started} message */
function started(message) {
  run.begun = true;
  if (!run.repeats) view.begin(message, () => stage.film.latest > 0 && !still.matches && dissolve(stage.parts.canvas));
  range.max = String(message.steps);
  enter('running');
}

/** Whether a picture of a step is to be shown. @param {Step} message @returns {boolean} */
function isNews({ step }) {
  return run.state === 'running' && !(run.repeats && step < stage.film.latest);
}

/** @param {Step} message */
function stepped({ step, steps, t, ms }) {
  showMoment();
  tell('step', { step, steps, t, ms });
}

/** @param {Done} message */
function done({ recipe, hash, ms }) {
  view.recipe = recipe;
  run.wanted = run.resting = run.repeats = false;
  element('home').setAttribute('href', `../#${recipe}`);
  enter('done');
  tell('done', { sha256: hash, ms });
  if (run.loop) replay.start(true);
}

/** @param {Failed} message @param {boolean} crashed */
function failed({ message }, crashed) {
  run.repeats = false;
  const again = () => {
    element('trouble').hidden = true;
    enter('ready');
    want(true);
  };
  fail('run', crashed ? 'error.crash' : 'error.run', { detail: withoutStop(message) }, again);
}

/** Shows where the stage is. */
function showMoment() {
  const { film } = stage;
  const { current, latest } = film;
  range.disabled = latest === 0;
  range.value = String(Math.max(1, current));
  range.style.setProperty('--done', `${(100 * (Math.max(1, current) - 1)) / Math.max(1, film.shape.steps - 1)}%`);
  range.setAttribute('aria-valuetext', text(latest ? 'time.at' : 'time.empty', { step: current, steps: film.shape.steps }));
  element('count').textContent = latest ? `${current}/${film.shape.steps}` : '';
  showLegends(film.facts.get(current), view.images);
  view.describe();
}

function showButtons() {
  const moving = replay.playing || (run.state === 'running' && !run.resting);
  /** @type {Key} */
  let key = 'run.start';
  if (run.state === 'done') key = moving ? 'time.hold' : 'time.play';
  else if (run.state === 'running') key = moving ? 'run.pause' : 'run.resume';
  showGo(key, moving);
  allow('go', run.state === 'ready' || run.state === 'running' || run.state === 'done');
  allow('one', run.state === 'ready' || run.state === 'running');
  allow('another', run.model !== '');
}

/** A person's wish, of which the page around is told. @param {boolean} wanted */
function ask(wanted) {
  parent.state(wanted, wanted && run.state !== 'done');
  want(wanted);
}

/** As the page does: few digits, which a person can remember. */
function another() {
  return change({ s: String(crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000) });
}

function listen() {
  onClick('go', () => ask(!(replay.playing || (run.state === 'running' && !run.resting))));
  onClick('one', () => {
    parent.state(false);
    step();
  });
  onClick('another', () => void another());
  range.addEventListener('input', () => seek(Number(range.value)));
  replay.changed = showButtons;
  addEventListener('hashchange', () => void open(location.hash));
  // The lines of what is loaded hold the figures that a person sees.
  const bars = [...document.querySelectorAll('#loading progress')].map((bar) => /** @type {HTMLProgressElement} */ (bar));
  new MutationObserver(() => {
    const known = bars.every((bar) => bar.max > 1);
    const total = known ? bars.reduce((sum, bar) => sum + bar.max, 0) : 0;
    tell('progress', { done: bars.reduce((sum, bar) => sum + (bar.max > 1 ? bar.value : 0), 0), total });
  }).observe(element('loading'), { subtree: true, attributes: true, attributeFilter: ['value'] });
}

learn(en, zh);
options({ ...Object.fromEntries(parameters), controls: parameters.has('held') ? (parameters.get('controls') ?? '') : 'on' });
attend(hold, relight);
listen();
const unasked = parameters.has('held') ? parameters.has('first') : run.wanted;
if (unasked && !still.matches && isRecorded(view.recipe)) void view.first.play();
if (parameters.has('viewer')) {
  addEventListener('tweedie:ready', () => void view.enhance().catch(() => {}), { once: true });
}
if (!('closed' in root.dataset)) void load();
root.removeAttribute('data-arriving');
