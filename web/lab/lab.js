// Entry of lab.html: carries the recipe of the address out, and shows how it goes. What is
// turned makes another recipe, which acts at once; its text is the address.

/** @import { Described, Sampled, Started } from './messages.js' */
/** @import { Heard } from './engine.js' */
/** @import { Layer } from './compose.js' */
/** @import { Key, Values } from '../text/i18n.js' */
import { asked, note as noteView } from '../document/address.js';
import { element, lessMotion, onClick } from '../document/elements.js';
import { wanted } from '../document/fragment.js';
import { address } from '../load/files.js';
import { afterFrames } from '../stage/surface.js';
import { en, zh } from '../text/lab.js';
import { en as plane, zh as planeZh } from '../text/plane.js';
import { explain } from '../text/refusal.js';
import { knows, learn, offerLanguages, preferred, say, speak, text } from '../text/i18n.js';
import { Brush } from './brush.js';
import { Chart, lossCurve, scheduleCurve } from './charts.js';
import { Beside } from './beside.js';
import { Chosen } from './chosen.js';
import { Clock } from './clock.js';
import { compose, layers } from './compose.js';
import { Controls, presetName } from './controls.js';
import { Course, judgedAlike } from './course.js';
import { Digits } from './decoded.js';
import { Engine } from './engine.js';
import { fixed, lossText } from './figures.js';
import { Film, momentAt, numbers, taken, timeAt } from './film.js';
import { Legend } from './legend.js';
import { Looks, lastTime } from './looks.js';
import { Painter } from './painter.js';
import { offerHelp } from './keys.js';
import { tints } from './paints.js';
import { tellBelief } from './posterior.js';
import { reasons } from './refused.js';
import { Ribbon } from './ribbon.js';
import { Stage } from './stage.js';
import { offerTaken } from './taken.js';
import { offerTries } from './tries.js';
import { rowsOf, showWorth } from './worth.js';

/** Points of the data that are shown, and of the picture of a preset. */
const shownData = 1500;
const pictured = 260;

/** What the carried out recipe has told of itself. @type {Started | undefined} */
let started;
let step = 0;
let rate = 0;
/** Whether training waits. */
let waits = false;
/** Whether the recipe came to its end. */
let over = false;
/** The step of training that a person looks back at, or undefined. @type {number | undefined} */
let moment;
/** Whether the next snapshot is the first of another recipe. */
let renewed = false;
/** Whether the address shall have an entry of its own for the next recipe. */
let turned = false;

/** Layers that are shown where the address, by ?layers=data,score, asks for no others. @type {Layer[]} */
const usual = ['digits', 'data', 'points', 'trails', 'posterior'];
/** @type {Set<Layer>} */
const shown = new Set(usual);
/** @type {{points: Float32Array, classes: Uint8Array} | undefined} */
let data;
/** Counts what is known of another density of the data than before: a schedule learns, or latents do. */
let aged = 0;
/** The schedule that training began with. @type {Float32Array} */
let alphaBar = new Float32Array(0);

/** The stage's own colour, which goes with the theme. */
let background = '';
const theme = matchMedia('(prefers-color-scheme: dark)');
const themed = () => {
  background = getComputedStyle(document.documentElement).getPropertyValue('--stage').trim();
};
themed();
theme.addEventListener('change', () => {
  themed();
  stage.ask();
});

const film = new Film();
const course = new Course();
const clock = new Clock(() => timed(), () => showPlay());
const engine = new Engine((message) => hear(message));
const controls = new Controls((recipe) => carryOut(recipe, true));
const looks = new Looks(engine, () => stage.ask());
const chosen = new Chosen(engine, () => lined());
const legend = new Legend((name) => described?.samplers.find((sampler) => sampler.name === name)?.title ?? name, () => stage.ask());
const ribbon = new Ribbon(engine, {
  moved: (to) => {
    const of = take();
    if (of) clock.set(momentAt(of, to));
  },
  turned: () => look(),
});
const lossChart = new Chart(element('loss'), 124);
const scheduleChart = new Chart(element('schedule'), 76);
const momentSlider = /** @type {HTMLInputElement} */ (element('moment'));
const timeSlider = /** @type {HTMLInputElement} */ (element('time'));
const canvas = /** @type {HTMLCanvasElement} */ (element('canvas'));
/** @type {Stage} */
const stage = new Stage(element('box'), canvas, {
  scene: (window) => compose({ window, ...known() }),
  pressed: (x, y) => {
    digits.at(x, y, true);
    follow(x, y);
  },
  over: (x, y) => {
    digits.at(x, y);
    say(element('hover'), 'lab.at', { x: fixed(x), y: fixed(y) });
  },
  left: () => {
    digits.leave();
    say(element('hover'), '');
  },
  viewed: () => {
    element('whole').hidden = stage.whole;
    if (canvas.matches(':focus-visible')) digits.at(stage.window.x, stage.window.y, true);
    beside.see(stage.view);
    look();
  },
});
/** @type {Beside} */
const beside = new Beside({
  started: () => started,
  shown: () => ({ take: take(), moment: clock.moment, t: clock.moment === 1 ? undefined : t() }),
  known: () => known(),
  changed: () => {
    progressed();
    timed();
    tellEnd();
  },
  judged: () => tellWorth(),
  viewed: (view) => (stage.view = view),
  pressed: (x, y) => follow(x, y),
});

/** @type {Digits} */
const digits = new Digits(engine, element('box'), () => ({ window: stage.window, size: stage.size }));
/** Whether training waits because nothing is painted. */
let held = false;
/** @type {Brush} */
const brush = new Brush({
  engine,
  window: () => stage.window,
  recipe: () => (started && unpainted() ? wanted(location.hash) : (started?.recipe ?? '')),
  carryOut: (recipe) => carryOut(recipe, true),
  hold: (on) => {
    if (on === held || (on && (waits || over))) return;
    held = on;
    engine.steer(on ? 'pause' : 'resume');
  },
  turned: (inHand) => {
    if (inHand) {
      stage.showWhole();
      clock.set(1);
      return;
    }
    if (started) controls.fill(started.recipe, started.fields);
    tellLearning();
    if (!lessMotion().matches) clock.play();
  },
  changed: () => stage.ask(),
  tell: (key, values, wrong = false) => {
    refused = wrong;
    tell(key, values);
    element('status').classList.toggle('wrong', wrong);
  },
  refused: (failure) => void fail(failure),
});

/** Whether the address asks for data that are still to be painted. */
function unpainted() {
  const asked = new URLSearchParams(location.hash.slice(1));
  return asked.get('d') === 'painted' && !asked.get('paint');
}

/** What the scene is made of. @returns {import('./beside.js').Known} */
function known() {
  return {
    ...{ background, layers: shown, moment: clock.moment, classes: classed() || digits.there, tints: tints(started) },
    ...{ take: brush.blank ? undefined : take(), data: brush.inHand ? undefined : (digits.data ?? data), heat: brush.inHand ? undefined : looks.heat },
    ...(latest() && { sheet: digits.sheet }),
    ...{ scored: latest() ? looks.scored : undefined, chosen: chosen.shapes(shown, (line) => legend.out(line)) },
  };
}

/** What is known of the density of the data is of another one. */
function age() {
  aged++;
  looks.forget();
}

/** The snapshot that is shown. @returns {import('./film.js').Take | undefined} */
function take() {
  const most = moment ?? beside.step;
  return most < Infinity ? film.at(most) : film.last;
}

/** Whether what is shown is of the present network. */
function latest() {
  return take() === film.last;
}

/** Whether classes are told apart. */
function classed() {
  return (started?.fields.find(({ key }) => key === 'c')?.value ?? 'none') !== 'none';
}

/** The timestep that is shown, whole. */
function t() {
  const of = take();
  return of ? Math.round(timeAt(of, clock.moment)) : 0;
}

/** Whether the points stand where they arrive: to be watched as they learn, or for less motion. */
function rests() {
  return brush.inHand || lessMotion().matches;
}

/** @param {Key | ''} key @param {Values} [values] */
function tell(key, values) {
  say(element('status'), key, values);
  element('status').classList.remove('wrong');
}

// The recipe.

/** @param {string} recipe @param {boolean} [byHand] */
function carryOut(recipe, byHand = false) {
  turned = byHand;
  engine.train(recipe);
}

/** Writes the recipe into the address. @param {string} recipe @param {boolean} entry whether it gets one of its own in the history */
function note(recipe, entry) {
  const hash = `#${recipe}`;
  if (hash === location.hash) return;
  if (entry) history.pushState(null, '', hash);
  else history.replaceState(null, '', location.pathname + location.search + hash);
}

/** @param {Heard} message */
function hear(message) {
  switch (message.type) {
    case 'started':
      return begin(message);
    case 'progress':
      course.progress(message);
      paced(message.step);
      step = message.step;
      waits = false;
      return progressed();
    case 'snapshot':
      if (renewed) {
        film.clear();
        brush.answered();
      }
      renewed = false;
      film.add(taken(message));
      if (message.alphaBar.length > 0) age(); // the noise of a timestep is another
      enhance();
      if (message.whole && waits && !refused && !held) tell('lab.waits', { step: message.step });
      if (!over && !clock.playing && !waits && moment === undefined && film.takes.length === 1 && !rests()) clock.play();
      timed();
      return look();
    case 'measured':
      course.judge(message);
      return tellWorth();
    case 'drawing':
      if (!held && !refused) tell('lab.drawing', { step: message.step, steps: message.steps });
      return;
    case 'paused':
      waits = true;
      unpaced();
      if (!refused && !held) tell('lab.waits', { step: message.step });
      return progressed();
    case 'done':
      over = true;
      unpaced();
      note(message.recipe, false);
      ended = message;
      tellEnd();
      clock.again = false;
      return progressed();
    case 'failed':
      return void fail(message);
  }
}

/** What the first came to, until the second has come to its end too. @type {Extract<Heard, {type: 'done'}> | undefined} */
let ended;

function tellEnd() {
  if (!ended || refused || brush.blank) return; // what stands there says what to do
  const hash = ended.hash.slice(0, 16);
  const both = !beside.on || beside.step === Infinity;
  tell(!both ? 'lab.done.first' : ended.differs ? 'lab.differs' : promised ? 'lab.same' : 'lab.done', { hash });
  element('status').classList.toggle('wrong', both && ended.differs);
  if (both) ended = undefined;
}

let enhanced = false;

/** Points are drawn: now the viewer can come, which would have kept them waiting. */
function enhance() {
  if (enhanced) return;
  enhanced = true;
  // Without its script the plain canvas stays.
  afterFrames(2, () => void stage.enhance(address('web/viewer/frame.html')).catch(() => {}));
}

/** When training was how far, in about the last second. @type {[number, number][]} */
let heardOf = [];

/** How fast training is, with all that is drawn meanwhile. @param {number} step */
function paced(step) {
  const now = performance.now();
  heardOf = [...heardOf.filter(([time]) => now - time < 1500), [now, step]];
  const [time, from] = heardOf[0];
  if (now - time > 300) rate = Math.round((1000 * (step - from)) / (now - time));
}

function unpaced() {
  heardOf = [];
  rate = 0;
}

/** What the address promised before the recipe was carried out. */
let promised = '';

/** The recipe that is carried out, with what the address promised of it. @param {Started} of */
function promising({ recipe }) {
  return promised ? `${recipe}&h=${promised}` : recipe;
}

/** @param {Started} message */
function begin(message) {
  ended = undefined;
  const before = started;
  started = message;
  const learns = message.step < message.steps;
  promised = new URLSearchParams(location.hash.slice(1)).get('h') ?? '';
  // A link that is refused stays in the address, to be corrected.
  if (!early && (turned || wanted(location.hash) !== message.recipe)) note(message.recipe, turned);
  if (early || turned) promised = '';
  const byHand = turned;
  turned = false;
  step = message.step;
  waits = over = held = false;
  unpaced();
  moment = undefined;
  renewed = true;
  clock.again = true;
  course.begin(step);
  controls.fill(message.recipe, message.fields);
  digits.begin(message);
  alphaBar = numbers(message.alphaBar);
  element('schedule-figure').hidden = alphaBar.length === 0;
  layerButtons();
  if (dataKeys(before) !== dataKeys(message)) {
    void bring(message.recipe);
    clock.moment = 1;
  }
  looks.begin(dataKeys(before, seen) !== dataKeys(message, seen));
  chosen.choose(undefined);
  beside.begin(message);
  refused = false;
  tellLearning();
  brush.began(message, byHand);
  if (!rests() && learns) clock.play();
  progressed();
  if (early) void fail(early);
  early = undefined;
}

/** Whether what was refused is told, which nothing that was not asked for takes the place of. */
let refused = false;

/** Why the recipe of the address was refused, until something else is shown. @type {import('./engine.js').Failure | undefined} */
let early;

function tellLearning() {
  const of = started;
  if (of) tell('lab.learning', { parameters: of.parameters, data: () => presetName(valueOf(of, 'd')) });
}

/** Keys that the points of the data follow from, and those that their density under noise does. */
const ofPoints = ['d', 'gauss', 'paint', 'noise', 'set', 's'];
const seen = [...ofPoints, 'schedule', 'c', 'm'];

/** @param {Started | undefined} of @param {string[]} [keys] */
function dataKeys(of, keys = ofPoints) {
  return of ? keys.map((key) => valueOf(of, key)).join('&') : '';
}

/** @param {Started} of @param {string} key */
function valueOf(of, key) {
  return of.fields.find((field) => field.key === key)?.value ?? '';
}

/** Points of a recipe's data. @param {string} recipe */
async function bring(recipe) {
  const answer = await engine.ask(/** @type {const} */ ({ type: 'sample', recipe: wanted(recipe), points: shownData })).catch(() => undefined);
  if (answer?.type !== 'sampled') return;
  data = { points: numbers(answer.points), classes: answer.classes };
  stage.ask();
}

/** @param {import('./engine.js').Failure} failure */
async function fail(failure) {
  if (failure.gone) {
    over = lostBefore; // nothing goes on
    tell(!started ? 'lab.unloaded' : lostBefore ? 'lab.lost' : 'lab.gone', { why: failure.message });
    element('status').classList.add('wrong');
    if (!started) return;
    progressed();
    if (!lostBefore) engine.train(promising(started));
    lostBefore = true;
    return;
  }
  if (!started) { // the page has its controls, and nothing is learned that nobody asked for
    early = failure;
    return engine.train('', { wait: true });
  }
  if (failure.key === 'paint' && unpainted()) return brush.take();
  refused = !failure.diverged && !failure.blank;
  await reasons();
  const status = element('status');
  if (failure.diverged) {
    over = true;
    tell('lab.diverged');
    progressed();
  } else if (failure.blank) {
    over = !waits; // it can learn on
    tell('lab.blank');
    progressed();
  } else if (await controls.complain(failure)) {
    tell('');
  } else {
    const name = `lab.key.${failure.key}`;
    explain(status, failure, knows(name) ? () => text(/** @type {Key} */ (name)) : failure.key);
  }
  status.classList.add('wrong');
}

/** A worker that is lost again and again is not begun again for ever. */
let lostBefore = false;

/** Carries out what the address asks for. */
function open() {
  carryOut(location.hash.replace(/^#/, ''));
}

/** The cards below the stage, once a lesson was opened. @type {import('../learn/cards.js').Cards | undefined} */
let cards;

/** Opens the lesson that the address asks for. */
async function teach() {
  try {
    const lessons = await import('./lessons.js');
    cards = await lessons.open({ read, open, look: readLayers });
  } catch {
    document.documentElement.toggleAttribute('data-lesson', true); // its place, with its link
    say(element('lessons-said'), 'extras.lacking');
    if (!started) open();
  }
}

/** What cards read from the stage. @returns {import('./lessons.js').Read} */
function read() {
  const first = { take: film.last, measures: over ? course.end?.measures : undefined };
  return { started, t: t(), alphaBar: take()?.alphaBar ?? alphaBar, models: beside.on ? [first, beside.model] : [first] };
}

// What is shown.

/** Training has come further, or stands. */
function progressed() {
  const steps = started?.steps ?? 0;
  const learning = !waits && step < steps && !over;
  document.documentElement.dataset.state = learning ? 'learning' : over ? 'done' : waits ? 'waits' : 'drawing';
  element('train-icon').setAttribute('href', learning ? '#icon-pause' : '#icon-start');
  say(element('train-word'), learning ? 'lab.pause' : 'lab.train');
  for (const id of ['train', 'step']) element(id).setAttribute('aria-disabled', String(over || step >= steps));
  momentSlider.max = String(steps);
  momentSlider.style.setProperty('--done', String(steps ? step / steps : 0));
  if (moment === undefined) momentSlider.value = String(step);
  const at = moment === undefined && beside.step === Infinity ? step : (take()?.step ?? 0);
  say(element('moment-now'), rate > 0 && moment === undefined ? 'lab.rate' : 'lab.moment', { step: at, steps, rate });
  drawLoss(at);
  tellWorth();
}

let lossAsked = false;

/** @param {number} at */
function drawLoss(at) {
  if (lossAsked) return;
  lossAsked = true;
  requestAnimationFrame(() => {
    lossAsked = false;
    const steps = started?.steps ?? 1;
    const { losses } = course;
    const now = losses.length > 0 ? lossText(course.lossAt(Infinity)) : '';
    element('loss-now').textContent = now;
    const { curve, faint, up, across } = lossCurve(losses, steps);
    const words = now === '' ? text('lab.loss.none') : text('lab.loss.text', { first: lossText(course.lossAt(10)), now, step });
    lossChart.draw({ curve, faint, up, across, cursor: moment === undefined ? undefined : at / steps, text: words });
  });
}

/** The time of the drawing stands elsewhere. */
function timed() {
  const of = take();
  timeSlider.value = String(Math.round(1000 * clock.moment));
  const now = t();
  say(element('time-now'), 'lab.t', { t: now });
  timeSlider.setAttribute('aria-valuetext', text('lab.t', { t: now }));
  const signal = of?.alphaBar ?? alphaBar;
  if (signal.length > 0) {
    const last = signal.length - 1;
    const left = clock.moment === 1 ? 1 : signal[Math.min(last, now)];
    element('signal-now').textContent = fixed(left, left < 0.1 ? 3 : 2);
    const { curve, up, across } = scheduleCurve(signal);
    scheduleChart.draw({ curve, up, across, cursor: 1 - now / last, text: text('lab.schedule.text', { last, now: fixed(left), t: now }) });
  }
  if (of && (!clock.playing || clock.moment === 1)) say(element('plane-state'), 'lab.state', { points: of.points, step: of.step, steps: started?.steps ?? 0, t: now });
  ribbon.draw(hasRibbon(), of, now);
  void beside.ask();
  look();
  stage.ask();
  cards?.value();
}

/** Whether the noise of the recipe has all levels. */
function hasRibbon() {
  return Boolean(started?.sees) && alphaBar.length > 0;
}

function showPlay() {
  element('play').setAttribute('aria-pressed', String(clock.playing));
  element('play-icon').setAttribute('href', clock.playing ? '#icon-pause' : '#icon-start');
  timed();
}

/** What the network of the moment is worth, beside the second one. */
function tellWorth() {
  cards?.value();
  const courses = beside.on ? [course, beside.course] : [course];
  const most = moment ?? Math.min(over ? Infinity : step, beside.step);
  const judged = judgedAlike(courses, most);
  const rows = rowsOf(judged.map((one) => one?.measures ?? []));
  const settled = moment !== undefined || (over && (!beside.on || beside.step === Infinity));
  if (!beside.on) return showWorth(rows, settled);
  const losses = courses.map((course) => course.lossAt(most));
  showWorth([{ name: 'loss', at: -1, of: '', values: losses, real: losses.map(() => NaN) }, ...rows], settled);
}

// What is asked of the plane beside the drawing: one thing at a time, the newest wish last.

let asking = false;
let stale = false;
/** Asks for what the layers need that is not there. */
function look() {
  if (asking) {
    stale = true;
    return;
  }
  asking = true;
  void lookNow().finally(() => {
    asking = false;
    if (stale) {
      stale = false;
      look();
    }
  });
}

async function lookNow() {
  const of = started;
  if (!of?.sees) return;
  if (digits.there) {
    if (step <= of.encodes) age(); // the latents are others
    if (await digits.look(step, shown.has('digits'))) stage.ask();
  }
  await looks.look(shown, clock.moment === 1 ? -1 : Math.min(lastTime, t()), stage, film.last);
  if (hasRibbon()) {
    // While it changes all the time, the ribbon is that of the beginning.
    await ribbon.look(`${dataKeys(of, seen)} ${over || (digits.there && step > of.encodes) ? aged : 0}`, background);
    ribbon.draw(hasRibbon(), take(), t());
  }
  if (latest()) await chosen.look(film.last, shown, clock.moment === 1 ? undefined : t());
}

/** Chooses the point that is pressed. @param {number} x @param {number} y */
function follow(x, y) {
  if (!started?.sees) return;
  chosen.choose({ x, y, t: clock.moment === 1 ? lastTime : Math.max(1, Math.min(lastTime, t())) });
  beside.choose(chosen.place);
  look();
}

/** Other lines of the chosen point are known, or shown. */
function lined() {
  legend.show(chosen.lines(shown));
  tellBelief(chosen.belief(shown));
  stage.ask();
}

/** The buttons of the layers that there are for this recipe. */
function layerButtons() {
  const box = element('layers');
  if (box.childElementCount === 0) {
    box.append(
      ...layers.map((layer) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'button toggle';
        button.id = `layer-${layer}`;
        say(button, /** @type {Key} */ (`lab.layer.${layer}`));
        say(button, /** @type {Key} */ (`lab.about.${layer}`), {}, 'title');
        button.addEventListener('click', () => {
          if (!shown.delete(layer)) shown.add(layer);
          const alike = shown.size === usual.length && usual.every((one) => shown.has(one));
          noteView({ layers: alike ? null : layers.filter((one) => shown.has(one)).join() });
          if (layer === 'ways' && !chosen.place) chosen.choose(firstNoise());
          layered();
        });
        return button;
      }),
    );
  }
  for (const layer of layers) {
    const button = element(`layer-${layer}`);
    button.setAttribute('aria-pressed', String(shown.has(layer)));
    const there = { digits: digits.there, density: started?.sees, score: started?.sees, exact: started?.sees && started.exact, ways: started?.sees, posterior: started?.sees };
    button.hidden = layer in there && !there[/** @type {keyof typeof there} */ (layer)];
  }
}

/** Other layers are shown. */
function layered() {
  layerButtons();
  lined();
  beside.choose(chosen.place);
  look();
}

/** Shows the layers that the address asks for. */
function readLayers() {
  const wish = asked('layers')?.split(',') ?? usual;
  shown.clear();
  for (const layer of layers) if (wish.includes(layer)) shown.add(layer);
  if (started) layered();
}

/** The noise that the first point is drawn from. */
function firstNoise() {
  const [[[x, y]]] = film.last?.states ?? [[[1, 1]]];
  return { x, y, t: lastTime };
}

/** Draws the presets on their buttons. @param {Described} described */
function picture({ presets }) {
  for (const { name } of presets) void pictureOf(name);
}

/** @param {string} preset */
async function pictureOf(preset) {
  const answer = /** @type {Sampled | undefined} */ (await engine.ask(/** @type {const} */ ({ type: 'sample', recipe: `d=${preset}`, points: pictured })).catch(() => undefined));
  const canvas = /** @type {HTMLCanvasElement} */ (element(`picture-${preset}`));
  if (!answer) return canvas.closest('label')?.remove(); // it needs more than its name
  const [width, height] = [91, 70];
  const cloud = { points: numbers(answer.points), colour: '#ffc24d', opacity: 0.9, radius: 1, trails: [] };
  new Painter(canvas).draw({ window: { x: 0, y: 0, scale: height / 2.5 }, background, arrows: [], clouds: [cloud], paths: [] }, width, height, 2);
}

// What people do.

onClick('train', () => {
  if (brush.bare) return tell('brush.bare');
  refused = false;
  beside.steer(waits ? 'resume' : 'pause');
  engine.steer(waits ? 'resume' : 'pause');
  if (waits) tellLearning();
});
onClick('step', () => {
  if (brush.bare) return tell('brush.bare');
  refused = false;
  beside.steer('step');
  engine.steer('step');
});
onClick('reset', () => {
  if (!started) return;
  turned = false;
  engine.train(promising(started), { again: true });
});
onClick('play', () => {
  if (clock.playing) return clock.stop();
  clock.again = true;
  clock.play();
});
onClick('whole', () => stage.showWhole());
onClick('copy', async () => {
  try {
    await navigator.clipboard.writeText(location.href);
    say(element('copied'), 'share.copied');
  } catch {
    element('copied').textContent = location.href; // pages without a secure origin have no clipboard
  }
});
timeSlider.addEventListener('input', () => clock.set(Number(timeSlider.value) / 1000));
momentSlider.addEventListener('input', () => {
  const to = Number(momentSlider.value);
  moment = to >= step ? undefined : to;
  progressed();
  timed();
});
addEventListener('hashchange', () => open());
addEventListener('popstate', () => readLayers());

learn(en, zh);
learn(plane, planeZh);
offerLanguages(/** @type {HTMLSelectElement} */ (element('language')), () => {
  if (started) beside.offer(started);
  timed();
  progressed();
});
await speak(preferred());
/** @type {HTMLSelectElement} */ (element('language')).value = document.documentElement.lang;
tell('lab.loading');
const described = /** @type {Described | undefined} */ (await engine.ask(/** @type {const} */ ({ type: 'describe' })).catch(() => undefined));
if (described) { // or else the worker is not to be had, which was said
  controls.describe(described);
  brush.describe(described);
  picture(described);
  offerTries(described.examples);
  offerHelp(described.examples);
  offerTaken(() => location.hash.slice(1));
  readLayers();
  const lesson = asked('lesson') !== null;
  // A card brings its recipe where the address has none.
  if (!lesson || location.hash.length > 1) open();
  if (lesson) void teach();
}
