// Entry of index.html, the page: connects the stage, the controls and the
// sampler, keeps the state that others rely on (documentElement.dataset.state
// and the tweedie: events) and the address, which always holds the recipe of
// what is seen.

/** @import { Model, RunMessage, Started, Step, Done, Failed } from '../types.js' */
/** @import { Key } from '../text/i18n.js' */
import { Compare } from '../run/compare.js';
import { Controls } from './controls.js';
import { Refusal, StartError } from '../engine/crew.js';
import { Engine } from '../engine/engine.js';
import { Extras } from '../edit/extras.js';
import { address } from '../load/files.js';
import { Forward } from '../run/forward.js';
import { bytes, offerLanguages, preferred, say, seconds, speak, text } from '../text/i18n.js';
import { Inputs, bare } from '../run/inputs.js';
import { Keys } from './keys.js';
import { Loader, Trouble, modelOf, withoutStop } from '../load/loader.js';
import { First } from '../run/first.js';
import { Models } from './models.js';
import { Moment } from './moment.js';
import { keepPage } from '../load/offline.js';
import { offerPresets } from './presets.js';
import { Counters, tell, whisper } from '../document/readout.js';
import { Save } from '../files/save.js';
import { Share, linkOf } from './share.js';
import { shortcuts } from './shortcuts.js';
import { StageTools } from './tools.js';
import { Stage } from '../stage/stage.js';
import { allow, element, lessMotion, onClick } from '../document/elements.js';
import { dispatch, enter, isLoaded, isPaused, isRunning, setPaused, trouble } from '../document/state.js';
import { Timeline } from './timeline.js';
import { ViewButtons, views, wished } from '../stage/views.js';
import { noteRecipe } from './viewstate.js';
import { asked, note } from '../document/address.js';

const root = document.documentElement;

/** For tests, which compare it with what is on the screen. */
export const stage = new Stage(
  {
    box: element('box'),
    canvas: /** @type {HTMLCanvasElement} */ (element('canvas')),
    captions: /** @type {import('../stage/stage.js').Parts['captions']} */ (
      Object.fromEntries([...views, 'strip'].map((name) => [name, element(`caption-${name}`)]))
    ),
  },
  wished(),
);
const inputs = new Inputs();

/**
 * The hash that the opened link promises, the recipe that runs, and whether a
 * person asked for it here, so that the one before is worth going back to.
 */
const run = { expected: '', recipe: '', asking: '', sha256: '', className: 'none', steps: 0, images: 1, started: false, asked: false, ended: /** @type {Done | undefined} */ (undefined) };
const counters = new Counters();
const moment = new Moment(stage, counters, run, () => ({ forward, compare, extras }));
const controls = new Controls({ start: () => begin(false), resolve });
const timeline = new Timeline(stage, () => moment.show());
const tools = new StageTools(stage, timeline);
const viewButtons = new ViewButtons(stage.views, (shown) => {
  stage.show(shown);
  note({ views: shown.join() === 'xt,x0' ? null : shown.join() });
  moment.describe();
});
const save = new Save(
  stage,
  () => ({
    ...{ recipe: run.recipe, whole: inputs.whole(run.recipe), sha256: run.sha256, name: `tweedie-${run.sha256.slice(0, 8)}` },
    ...{ query: new URL(linkOf(stage, '')).search.slice(1), weights: [...new Set([...engine.weights, ...compare.weights])] },
  }),
  (recipe) => void open(recipe, true, true),
  (file) => void forward.take(file, true),
);
new Share(() => linkOf(stage, inputs.link(run.recipe)));
const engine = new Engine(address('web/engine/worker.js'), heard);
const models = new Models(new Loader(engine), {
  choose: (name) => void open(`m=${name}`, true, true),
  loaded,
  stay: () => run.recipe && noteRecipe(inputs.link(run.recipe)),
});

const forward = new Forward(stage, engine, inputs, {
  recipe: () => run.recipe || controls.recipe(),
  shape: () => models.current,
  open: (recipe) => void open(recipe, true, true),
});

const extras = new Extras({
  ...{ stage, engine, inputs, controls },
  model: () => models.current,
  recipe: () => run.recipe,
  open: (recipe) => void open(recipe, true, true),
});

engine.keep = 16 << 20;
timeline.recall = (/** @type {{from: number, to: number}} */ steps, /** @type {(message: Step) => void} */ take) =>
  engine.recall(run.asking, steps, take);

const first = new First(stage, ({ step, steps, t }) => {
  run.steps = steps;
  counters.show({ step, steps, t });
  if (step === 1) timeline.begin();
  else timeline.show();
  moment.describe();
});

const compare = new Compare(stage, engine, {
  again: () => run.recipe && go(run.recipe, false, true),
  heard: heardOfOther,
  others: () => models.others,
  title: (name) => models.title(name),
  lacks: (name) => models.lacks(name),
});

/** How a page says why its pixels are not the promised ones. */
const differences = /** @type {const} */ ({
  unknown: 'status.differs',
  weights: 'status.differs.weights',
  version: 'status.differs.version',
  promise: 'status.differs.promise',
});

/** Counts what was asked for, so that a slow answer does not undo a newer wish. */
let wishes = 0;

/** The recipe of the address runs at once, the page's own unless motion is unwanted. */
function load() {
  if (location.hash.length > 1) return open(location.hash);
  const still = lessMotion().matches;
  if (!still && asked('against') === null) void first.play();
  return open(`m=${root.dataset.model ?? modelOf('')}`, !still);
}

/**
 * What can wait until there is a network, which it would keep waiting: the
 * viewer, and then the page for visits without a host, since a frame must not
 * arrive while a service worker takes over.
 */
async function enhance() {
  await stage.enhance(address('web/viewer/frame.html'));
  void keepPage();
}

/** Offers what a model can do. @param {Model} model @param {number} size */
async function loaded(model, size) {
  controls.offer(model, () => bytes(size));
  compare.offer(model);
  offerPresets(model, models.guided, (recipe) => void open(recipe, true, true));
  allow('defaults', true);
  enter('ready');
  tell('status.ready');
  dispatch('ready', { recipe: model.defaults });
  const described = await engine.describe(model.defaults);
  controls.fill(described);
  extras.fill(described);
}

/**
 * Shows a recipe in the controls and runs it, with the model that it is for.
 * @param {string} recipe @param {boolean} [start]
 * @param {boolean} [asked] for by a person on this page
 */
async function open(recipe, start = true, asked = false) {
  const wish = ++wishes;
  const again = () => void open(recipe, start, asked);
  try {
    recipe = await inputs.read(recipe);
    let name = modelOf(recipe, models.current?.model);
    const lacking = await models.lacks(name);
    if (lacking) name = models.current?.model ?? modelOf('');
    if (wish !== wishes || !(await models.have(name)) || wish !== wishes) return;
    if (lacking) return refused(recipe, 'm', lacking, false);
    const described = await engine.describe(recipe, inputs.of(recipe));
    if (wish !== wishes) return;
    controls.fill(described);
    extras.fill(described);
    compare.fill(described);
    run.expected = described.fields.h ?? '';
    if (start) go(described.recipe, false, asked);
  } catch (error) {
    if (wish !== wishes) return;
    if (error instanceof Refusal) refused(recipe, error.key, error.message, false);
    else if (error instanceof StartError) trouble('error.worker', {}, again);
    else if (error instanceof Trouble) unloaded(error, again);
    else throw error;
  }
}

/** A model cannot be had. @param {Trouble} why @param {() => void} again */
function unloaded({ key, values }, again) {
  enter('failed');
  trouble(key, values, again);
  dispatch('error', { recipe: '', message: text(key, values) });
}

/** Runs what the controls show. @param {boolean} paused at the first step */
function begin(paused) {
  if (!isLoaded()) return;
  wishes++;
  controls.clearErrors();
  run.expected = '';
  compare.expected = '';
  if (!controls.locked) controls.roll();
  go(controls.recipe(), paused, true);
}

/** Shows what the controls come to; a mistake in them is told when they are run. */
async function resolve() {
  const wish = wishes;
  const recipe = controls.recipe();
  const described = await engine.describe(recipe, inputs.of(recipe)).catch(() => undefined);
  if (!described || wish !== wishes) return;
  controls.fill(described);
  extras.fill(described);
}

/** @param {string} recipe @param {boolean} paused @param {boolean} asked */
function go(recipe, paused, asked) {
  Object.assign(run, { recipe, asked, asking: recipe });
  run.className = controls.subject;
  run.started = false;
  run.ended = undefined;
  compare.pausing = paused;
  if (forward.on) {
    forward.leave();
    compare.arrange();
  }
  engine.run(recipe, paused, inputs.of(recipe));
  allow('cancel', true); // also before it has begun
}

/**
 * A recipe that cannot be run.
 * @param {string} recipe @param {string} key @param {string} message
 * @param {boolean} focus whether the person has just used the controls
 */
function refused(recipe, key, message, focus) {
  const detail = withoutStop(message);
  enter('failed');
  element('trouble').hidden = true;
  controls.clearErrors();
  if (controls.complain(key, detail, focus)) tell('error.recipe', { detail });
  else trouble('error.recipe', { detail }, undefined);
  dispatch('error', { recipe: recipe.replace(/^#/, ''), message: detail });
}

/**
 * What the worker says of the run that was begun last.
 * @param {RunMessage} message @param {boolean} respawned
 */
function heard(message, respawned) {
  switch (message.type) {
    case 'started':
      return forward.on ? noising(message) : started(message);
    case 'step':
      return stepped(message);
    case 'paused':
      setPaused(true);
      moment.describe();
      return tell('status.paused', { step: message.step, steps: run.steps });
    case 'done':
      return forward.on ? enter('done') : done(message);
    case 'cancelled':
      compare.cancel();
      counters.stop();
      enter('cancelled');
      moment.describe();
      if (respawned) return tell('status.respawned');
      return tell('status.cancelled', { step: message.step, steps: run.steps });
    case 'failed':
      return failed(message, respawned);
  }
}

/** @param {Started} message */
function started(message) {
  const { recipe, steps, images } = message;
  Object.assign(run, { recipe, steps, images, started: true });
  element('trouble').hidden = true;
  enter('running');
  if (!first.continues(message)) stage.begin(message);
  compare.begin(message);
  timeline.begin();
  say(element('strip-name'), images > 1 ? 'stage.strip.first' : 'stage.strip');
  counters.begin(steps, message.shares);
  noteRecipe(inputs.link(recipe), run.asked);
  allow('share-open', true);
  save.offer(false);
  moment.describe();
  tell('status.running');
}

/** A picture is on its way into noise. @param {Started} message */
function noising(message) {
  compare.cancel();
  Object.assign(run, { steps: message.steps, images: 1, started: true });
  element('trouble').hidden = true;
  enter('running');
  forward.started(message);
  timeline.begin();
  say(element('strip-name'), 'stage.strip');
  counters.begin(message.steps);
  save.offer(false);
  moment.describe();
}

/** @param {Step} message */
function stepped(message) {
  const { step, steps, image, images, t } = message;
  if (!first.covers(message)) stage.add(message);
  counters.add(message);
  if (image < images - 1) return;
  whisper({ step, steps });
  timeline.show();
  moment.show(step === 1 || step === steps);
  if (!forward.on) dispatch('step', { recipe: run.recipe, step, steps, t, ms: counters.perStep(images) });
}

/**
 * What is said of the second of two runs.
 * @param {RunMessage} message
 */
function heardOfOther(message) {
  if (message.type === 'started') timeline.begin();
  if (message.type === 'step') {
    timeline.show();
    moment.show(false);
  }
  if (message.type === 'failed') tell('compare.refused', { what: () => compare.words.other, detail: compare.refused });
  if (message.type === 'paused' && run.ended) heard(message, false);
  if (message.type === 'cancelled' && run.ended) heard(message, false);
  else if (compare.over && run.ended) done(run.ended);
}

/** @param {Done} message */
function done(message) {
  const { recipe, hash, ms } = message;
  run.ended = message;
  if (!compare.over) return;
  Object.assign(run, { recipe, sha256: hash });
  enter('done');
  timeline.show();
  moment.show(false);
  save.offer(true);
  forward.offer();
  extras.ended();
  moment.describe();
  noteRecipe(inputs.link(recipe));
  const short = hash.slice(0, 16);
  const { expected } = run;
  const key = !expected ? 'status.done' : expected === short ? 'status.identical' : differences[message.differs || 'unknown'];
  // A link may lead to a step.
  const step = Number(asked('step'));
  if (step > 0 && !run.asked) timeline.seek(step);
  if (!compare.tell(key, message, expected)) tell(key, { time: () => seconds(ms), hash: short, expected });
  dispatch('done', { recipe, sha256: hash, ms, ...(compare.done && { against: compare.done.recipe, against256: compare.done.hash }) });
}

/** @param {Failed} message @param {boolean} crashed */
function failed({ message, key = '' }, crashed) {
  compare.cancel();
  counters.stop();
  forward.leave();
  if (!run.started && !crashed) return refused(run.recipe, key, message, true);
  enter('failed');
  const sentence = /** @type {Key} */ (crashed ? 'error.crash' : 'error.run');
  const values = { detail: withoutStop(message) };
  trouble(sentence, values, () => begin(false));
  dispatch('error', { recipe: run.recipe, message: text(sentence, values) });
}

function listen() {
  onClick('start', () => {});
  onClick('pause', () => {
    const paused = isPaused();
    engine.steer(paused ? 'resume' : 'pause');
    compare.steer(paused ? 'resume' : 'pause');
    if (paused) {
      setPaused(false);
      tell('status.running');
    }
  });
  onClick('step', () => {
    if (!isRunning()) return begin(true);
    engine.steer('step');
    compare.steer('step');
  });
  onClick('cancel', () => {
    engine.cancel();
    compare.cancel();
  });
  onClick('defaults', () => void open(models.current?.defaults ?? '', true, true));
  new Keys(shortcuts(timeline, viewButtons, tools));
  addEventListener('popstate', () => {
    tools.read();
    viewButtons.show(wished());
    if (compare.read() && bare(location.hash) === `#${run.recipe}`) go(run.recipe, false, false);
  });
  addEventListener('hashchange', () => void open(location.hash));

  offerLanguages(/** @type {HTMLSelectElement} */ (element('language')), (tag) => {
    if (asked('lang') !== null) note({ lang: tag });
    timeline.show();
    moment.describe();
  });
}

speak(preferred());
listen();
moment.describe();
addEventListener('tweedie:ready', () => void enhance(), { once: true });
void load();
root.removeAttribute('data-arriving');
