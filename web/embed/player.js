// Entry of player.html, the player: a stage with one line of controls, for
// frames in other pages.
//
//   web/player.html?views=xt,x0&controls=on&loop=on&theme=light&lang=en#m=digits&c=7
//
// The recipe is the fragment, as in the page's address; without one the model's
// own runs. It begins at once, unless motion is unwanted or start=off is given,
// and waits while it is out of sight. A plain frame needs no more than that.
// While it loads it plays the page's recorded run, if that is of the same model;
// in an element it does so where there is no poster (first=on).
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
//   options {options}      views, controls, loop, theme and lang, as in the address
//   picture {number}       answered with `picture {number, picture}`, a PNG or null
//
// and hears, all with detail.recipe:
//
//   first {detail}         the recorded run is shown as a poster
//   ready {detail}         the model is there
//   progress {detail}      done and total bytes of what is loaded
//   step {detail}          step, steps, t, ms
//   done {detail}          sha256, ms
//   error {detail}         message, one sentence
//   state {wanted}         a person has started or paused it with its own controls

/** @import { Done, Failed, Started, Step } from '../types.js' */
/** @import { Key, Values } from '../text/i18n.js' */
/** @import { View } from '../stage/views.js' */
import { allow, element, lessMotion, onClick } from '../document/elements.js';
import { dispatch, trouble } from '../document/state.js';
import { Refusal } from '../engine/crew.js';
import { Trouble, modelOf, ofPage, withoutStop } from '../load/loader.js';
import { RunView } from '../run/view.js';
import { showLegends, views as allViews } from '../stage/views.js';
import { preferred, say, speak, text } from '../text/i18n.js';
import { Parent } from './parent.js';
import { Replay, dissolve, picture } from './replay.js';

const root = document.documentElement;
const still = lessMotion();
const parameters = new URLSearchParams(location.search);
const range = /** @type {HTMLInputElement} */ (element('timeline'));

const view = new RunView({
  recorded: ({ step }) => step === 1 && tell('first'),
  started,
  picture: () => run.state === 'running',
  step: stepped,
  done,
  failed,
});
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
  picture: () => (run.begun ? picture(stage.film, view.recipe) : Promise.resolve(null)),
});

/** Why it waits, whatever is wanted. @type {Set<string>} */
const holds = new Set(parameters.has('held') ? ['parent'] : []);
const run = {
  /** The model that is loaded. */
  model: '',
  /** loading, ready, running, done or failed; as documentElement.dataset.state tells it. */
  state: 'loading',
  wanted: parameters.get('start') !== 'off' && !still.matches,
  /** Whether the worker was asked to wait. */
  resting: false,
  /** Whether there was a run, beside the recorded one. */
  begun: false,
  /** Whether a step was asked for before there was a model. */
  stepping: false,
  loop: parameters.has('loop'),
};
view.recipe = ofPage(location.hash.slice(1));

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
    await open(view.recipe || model.defaults);
    tell('ready');
  } catch (error) {
    if (current !== loads) return;
    if (!(error instanceof Trouble)) throw error;
    fail(error.key, error.values, () => void load());
  }
}

/** Takes a recipe, in place of the one that runs. @param {string} recipe */
async function open(recipe) {
  view.recipe = ofPage(recipe).replace(/^#/, '');
  element('home').setAttribute('href', `../#${view.recipe}`);
  if (run.state === 'loading' && !element('loading').hidden) return;
  element('trouble').hidden = true;
  if (run.state === 'running') engine.cancel();
  if (run.state === 'done') run.wanted = !still.matches;
  replay.hold();
  if (modelOf(view.recipe, run.model) !== run.model) return load();
  enter('loading');
  try {
    const asked = view.recipe;
    const described = await engine.describe(asked);
    if (asked !== view.recipe) return;
    view.recipe = described.recipe;
    enter('ready');
    catchUp();
  } catch (error) {
    if (!(error instanceof Refusal)) return fail('error.worker', {}, () => void load());
    fail('error.recipe', { detail: withoutStop(error.message) });
  }
}

/** @param {Key} key @param {Values} values @param {() => void} [again] */
function fail(key, values, again) {
  enter('failed');
  trouble(key, values, again);
  tell('error', { message: text(key, values) });
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
    run.resting = false;
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
  else if (run.state === 'ready') engine.run(view.recipe, true);
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
  if (run.state === 'running' || run.state === 'done') {
    stage.begin(stage.film.shape);
    enter('ready');
  }
  showMoment();
}

/** @param {Record<string, string>} given */
function options({ views = '', controls, loop, theme = 'dark', lang }) {
  element('bar').hidden = !controls;
  run.loop = Boolean(loop) && !still.matches;
  const bright = theme === 'light' || (theme === 'auto' && !matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = bright ? 'light' : 'dark';
  const shown = allViews.filter((view) => views.split(',').includes(view));
  stage.show(shown.length > 0 ? shown : /** @type {View[]} */ (['xt', 'x0']));
  speak(lang ? (/^zh\b/i.test(lang) ? 'zh-Hans' : lang) : preferred());
  showMoment();
  showButtons();
}

/** @param {Started} message */
function started(message) {
  run.begun = true;
  view.begin(message, () => stage.film.latest > 0 && !still.matches && dissolve(stage.parts.canvas));
  range.max = String(message.steps);
  enter('running');
}

/** @param {Step} message */
function stepped({ step, steps, t, ms }) {
  showMoment();
  tell('step', { step, steps, t, ms });
}

/** @param {Done} message */
function done({ recipe, hash, ms }) {
  view.recipe = recipe;
  run.wanted = false;
  run.resting = false;
  element('home').setAttribute('href', `../#${recipe}`);
  enter('done');
  tell('done', { sha256: hash, ms });
  if (run.loop) replay.start(true);
}

/** @param {Failed} message @param {boolean} crashed */
function failed({ message }, crashed) {
  const again = () => {
    element('trouble').hidden = true;
    enter('ready');
    want(true);
  };
  fail(crashed ? 'error.crash' : 'error.run', { detail: withoutStop(message) }, again);
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
  say(element('go'), key, {}, 'aria-label');
  say(element('go'), key, {}, 'title');
  element('go').querySelector('use')?.setAttribute('href', moving ? '#icon-pause' : '#icon-start');
  allow('go', run.state === 'ready' || run.state === 'running' || run.state === 'done');
  allow('one', run.state === 'ready' || run.state === 'running');
}

/** A person's wish, of which the page around is told. @param {boolean} wanted */
function ask(wanted) {
  parent.state(wanted);
  want(wanted);
}

function listen() {
  onClick('go', () => ask(!(replay.playing || (run.state === 'running' && !run.resting))));
  onClick('one', () => {
    parent.state(false);
    step();
  });
  range.addEventListener('input', () => seek(Number(range.value)));
  replay.changed = showButtons;
  document.addEventListener('visibilitychange', () => hold('tab', document.hidden));
  new IntersectionObserver((entries) => hold('sight', !entries.at(-1)?.isIntersecting)).observe(element('box'));
  // The lines of what is loaded hold the figures that a person sees.
  const bars = [...document.querySelectorAll('#loading progress')].map((bar) => /** @type {HTMLProgressElement} */ (bar));
  new MutationObserver(() => {
    const known = bars.every((bar) => bar.max > 1);
    const total = known ? bars.reduce((sum, bar) => sum + bar.max, 0) : 0;
    tell('progress', { done: bars.reduce((sum, bar) => sum + (bar.max > 1 ? bar.value : 0), 0), total });
  }).observe(element('loading'), { subtree: true, attributes: true, attributeFilter: ['value'] });
}

options({ ...Object.fromEntries(parameters), controls: parameters.has('held') ? (parameters.get('controls') ?? '') : 'on' });
hold('tab', document.hidden);
listen();
const unasked = parameters.has('held') ? parameters.has('first') : run.wanted;
if (unasked && !still.matches && modelOf(view.recipe) === modelOf('')) void view.first.play();
if (parameters.has('viewer')) {
  addEventListener('tweedie:ready', () => void view.enhance(), { once: true });
}
void load();
root.removeAttribute('data-arriving');
