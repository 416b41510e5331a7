// The plots under the film strip: along which noise levels the run goes, by the
// schedule of its network, and how much the picture changes at each step. They have the
// axis of the strip and its cursor; who moves the cursor moves the strip. A second run
// that is compared, or other levels of the same recipe, are a second curve.
//
// In the address ?plots shows them, and ?plots=snr another than the first.

/** @import { Engine } from '../engine/engine.js' */
/** @import { Film } from '../stage/film.js' */
/** @import { Stage } from '../stage/stage.js' */
/** @import { Refused } from '../text/refusal.js' */
/** @import { Inputs, Level, Plotted } from '../types.js' */
/** @import { Curve, Kind, Point } from './course.js' */
import { Refusal } from '../engine/crew.js';
import { asked, note } from '../document/address.js';
import { element } from '../document/elements.js';
import { wanted } from '../document/fragment.js';
import { isLoaded } from '../document/state.js';
import { language, learn, say, text } from '../text/i18n.js';
import { explain, sentences } from '../text/refusal.js';
import { en, zh } from '../text/plots.js';
import { short } from '../text/short.js';
import { apart, apartAt, inStep } from './apart.js';
import { Levels } from './beside.js';
import { BesideChoice, KindChoice, called } from './choices.js';
import { Course, axisAt, isOfSteps, kinds, range, stepAt } from './course.js';
import { Drawing } from './drawing.js';
import { factsOf, inWords, spansOf } from './facts.js';
import { lossAt, losses } from './loss.js';

learn(en, zh);

/** Milliseconds of rest after which the levels of another recipe are asked for. */
const calm = 120;
/** Half of the thumb of the slider of time, in CSS pixels. */
const thumb = 1.5;
/** What is offered before a course is known. */
const usual = kinds.filter((kind) => !['sigma', 'loss', 'apart'].includes(kind));

/**
 * @typedef {object} Wishes
 * @property {Stage} stage
 * @property {Engine} engine of the run on the stage
 * @property {() => string} recipe that is on the stage
 * @property {(recipe: string) => Inputs} inputs that a recipe begins with
 * @property {{on: boolean, recipe: string, words: {one: string, other: string}, plot: () => Promise<Plotted>}} compare
 * @property {{on: boolean}} forward whether the stage shows a picture that is noised
 * @property {() => {name: string}[]} models that there are
 * @property {(name: string) => string} title of a model
 * @property {() => void} told what is said of the moment is another
 */
/** A curve: its film, or other levels of a recipe, with the step of it that is shown. @typedef {{film?: Film, course?: Course, steps: number, step: number}} Side */

export class Plots {
  /** @type {Kind} */
  #kind = kinds[0];
  /** What the address asks for that is no plot. */
  #unknown = '';
  /** Of the runs that are compared, or of the run and what is beside it. @type {(Course | undefined)[]} */
  #courses = [];
  /** What the two are called. @type {() => string[]} */
  #names = () => [];
  /** Why there is nothing beside the run. @type {Refused | undefined} */
  #refused;
  /** What the levels were asked for of. */
  #asked = '';
  #calling = 0;
  /** What the curves were drawn of. */
  #drawn = '';
  #painting = false;
  /** What is said beside the numbers. @type {string | undefined} */
  #said;
  /** Where the film strips are, that of the stage's clock first. @type {{range: HTMLInputElement, from: number, long: number}[]} */
  #strips = [];

  /** @param {HTMLElement} place @param {Wishes} wishes */
  constructor(place, wishes) {
    this.place = place;
    this.wishes = wishes;
    this.kinds = new KindChoice((kind) => {
      this.#kind = kind;
      this.#unknown = '';
      note({ plots: kind === kinds[0] ? '' : kind });
      this.#paint();
    });
    this.beside = new BesideChoice(wishes, () => this.show());
    this.levels = new Levels(wishes.engine, wishes.title);
    this.facts = document.createElement('div');
    this.facts.className = 'levels';
    this.said = document.createElement('p');
    const head = document.createElement('div');
    head.className = 'head';
    head.append(this.kinds.group, this.beside.menu, this.facts, this.said);
    this.svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    this.svg.setAttribute('role', 'img');
    this.words = document.createElementNS('http://www.w3.org/2000/svg', 'desc');
    this.svg.append(this.words);
    this.drawing = new Drawing(this.svg);
    place.replaceChildren(head, this.svg);
    this.svg.addEventListener('pointerdown', (event) => this.#hold(event));
    this.svg.addEventListener('pointermove', (event) => this.svg.hasPointerCapture(event.pointerId) && this.#seek(event.clientX));
    wishes.stage.watchers.push(() => this.#measure());
    new ResizeObserver(() => this.#measure()).observe(this.svg);
    this.read();
  }

  /** Takes what the address asks for. */
  read() {
    const name = asked('plots');
    this.#kind = kinds.find((kind) => kind === name) ?? kinds[0];
    this.#unknown = name && name !== this.#kind ? name : '';
    this.beside.read();
    this.show();
  }

  /** Something is different on the stage: the moment, or what there is. */
  show() {
    this.#ask();
    this.#paint();
  }

  /** The film strips with the numbers of their films and of their steps. */
  get #axes() {
    const { clock, films } = this.wishes.stage;
    const first = films.indexOf(clock);
    return this.#strips.slice(0, films.length).map((strip, i) => {
      const own = i ? 1 - first : first;
      return { ...strip, own, steps: films[own].shape.steps };
    });
  }

  /** Measures where the sliders of time are. */
  #measure() {
    if (this.place.hidden) return;
    const { left } = this.svg.getBoundingClientRect();
    const sliders = ['timeline', 'timeline-second'].map((id) => /** @type {HTMLInputElement} */ (element(id)));
    this.#strips = sliders.filter((slider) => !slider.hidden).map((range) => {
      const box = range.getBoundingClientRect();
      return { range, from: box.left - left + thumb, long: Math.max(0, box.width - 2 * thumb) };
    });
    this.#drawn = '';
    this.#paint();
  }

  /** Asks for the levels, if those of another recipe are on the stage: not when a run has ended, and its fingerprint is known. */
  #ask() {
    const { compare, forward, recipe, stage } = this.wishes;
    const { key, value } = this.beside.chosen ?? {};
    const what = [wanted(recipe()), forward.on, stage.film.shape.steps, compare.on, compare.recipe, key, value].join('\n');
    if (!recipe() || !isLoaded() || what === this.#asked) return;
    this.#asked = what;
    clearTimeout(this.#calling);
    this.#calling = setTimeout(() => void this.#bring(what), this.#courses.length > 0 ? calm : 0);
  }

  /** @param {string} what */
  async #bring(what) {
    const { compare, engine, forward, inputs, recipe, stage } = this.wishes;
    const [of, noised] = [recipe(), forward.on];
    const both = compare.on && !noised;
    const { chosen } = this.beside;
    /** @type {Refused | undefined} */
    let refused;
    try {
      const { fields } = await engine.describe(of, inputs(of));
      const plotted = await engine.plot(of, inputs(of), noised);
      if (what !== this.#asked) return;
      this.beside.menu.hidden = both;
      this.beside.offer(fields);
      this.#names = () => (both ? [compare.words.one, compare.words.other] : this.beside.names(fields, chosen));
      const { shape } = stage.film;
      this.#courses = [new Course(plotted, shape)];
      this.#refused = undefined;
      this.#fresh();
      const asks = both ? (compare.recipe ? compare.plot() : undefined) : this.levels.beside(of, inputs(of), fields, chosen, noised);
      const second = await Promise.resolve(asks).catch((error) => {
        if (!(error instanceof Refusal)) throw error;
        refused = error;
      });
      if (refused) await sentences();
      if (what !== this.#asked) return;
      const steps = both ? stage.films[1]?.shape : { ...shape, steps: (second?.steps.length ?? 0) - (noised ? 0 : 1) };
      if (second && steps) this.#courses.push(new Course(second, steps));
      this.#refused = refused;
      this.#fresh();
    } catch {
      if (what === this.#asked) this.#asked = ''; // what ended it is said elsewhere
    }
  }

  /** Everything is drawn again. */
  #fresh() {
    this.#drawn = '';
    this.#said = undefined;
    this.#paint();
    this.wishes.told();
  }

  /** @param {PointerEvent} event */
  #hold(event) {
    if (event.button !== 0) return;
    this.svg.setPointerCapture(event.pointerId);
    this.#seek(event.clientX);
  }

  /** Moves the nearest strip to a place. @param {number} clientX */
  #seek(clientX) {
    const x = clientX - this.svg.getBoundingClientRect().left;
    const strip = axisAt(this.#axes, x);
    if (!strip || strip.range.disabled) return;
    strip.range.value = String(stepAt(strip, x));
    strip.range.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** Draws at the next frame. */
  #paint() {
    if (this.#painting) return;
    this.#painting = true;
    requestAnimationFrame(() => {
      this.#painting = false;
      if (!this.place.hidden) this.#draw();
    });
  }

  /** What can be plotted. */
  get #offered() {
    const { compare, stage } = this.wishes;
    const own = [...(this.#courses[0]?.kinds ?? usual)];
    if (stage.films.every((film) => film.complete && !film.noised)) own.push('loss');
    if (compare.on && inStep(stage.films)) own.push('apart');
    return own;
  }

  /** What is plotted. */
  get #plotted() {
    return this.#offered.includes(this.#kind) ? this.#kind : this.#offered[0];
  }

  #draw() {
    const kind = this.#plotted;
    this.kinds.show(kind, this.#offered);
    this.beside.menu.disabled = this.#courses.length === 0;
    const sides = this.#sides();
    const seen = isOfFilms(kind) ? sides.map(({ film }) => film?.facts.size) : [];
    const now = [kind, language(), ...seen, ...sides.map(({ steps }) => steps)].join();
    if (now !== this.#drawn) this.#drawCurves(kind, sides);
    this.#drawn = now;
    this.drawing.mark(this.#axes, sides.map((side) => ({ steps: side.steps, step: side.step, value: this.#value(kind, side) })));
    this.#tell(kind, sides);
  }

  /** The curves that there are: of each film, or of the film and what is beside it. @returns {Side[]} */
  #sides() {
    const { films } = this.wishes.stage;
    const sides = films.map((film, i) => {
      const course = this.#courses[i];
      const { steps } = film.shape;
      return { film, course: course?.places.length === steps ? course : undefined, steps, step: film.current };
    });
    const [{ steps, step, course: own }] = sides;
    const course = this.#courses[1];
    if (sides.length > 1 || !own || !course) return sides;
    const part = Math.max(0, step - 1) / Math.max(1, steps - 1);
    return [...sides, { course, steps: course.places.length, step: 1 + Math.round(part * (course.places.length - 1)) }];
  }

  /** @param {Kind} kind @param {Side} side */
  #value(kind, { film, course, step }) {
    if (kind === 'change') return film?.facts.get(step)?.rms ?? NaN;
    if (kind === 'loss') return lossAt(film, step);
    if (kind === 'apart') return film === this.wishes.stage.films[0] ? apartAt(this.wishes.stage.films, step) : NaN;
    return course?.value(kind, step) ?? NaN;
  }

  /** @param {Kind} kind @param {Side} side @returns {Curve} */
  #curve(kind, { film, course }) {
    if (!isOfFilms(kind)) return course?.kinds.includes(kind) ? course.curve(kind) : { lines: [], dots: [] };
    const points = kind === 'apart' ? this.#apart(film) : kind === 'loss' ? losses(film) : changes(film);
    return { lines: points.length > 1 ? [points] : [], dots: points };
  }

  /** How far the runs are apart, which is one curve. @param {Film | undefined} film */
  #apart(film) {
    const { films } = this.wishes.stage;
    return film === films[0] ? apart(films) : [];
  }

  /** @param {Kind} kind @param {Side[]} sides */
  #drawCurves(kind, sides) {
    const runs = sides.map((side) => ({ curve: this.#curve(kind, side), steps: side.steps }));
    const trained = this.#courses[0]?.schedule.length !== 0;
    const parts = this.#axes.map((axis) => ({ ...axis, runs, across: sides[axis.own].course?.places.map((level) => written(level, trained)) ?? [] }));
    const [low, high] = range(kind, runs.flatMap(({ curve: { lines, dots } }) => [...lines.flat(), ...dots]));
    this.drawing.draw(parts, {
      ...{ low, high, filled: kind === 'signal', across: trained ? 't' : 'σ', format: short },
      areas: kind === 'signal' ? [text('plots.area.signal'), text('plots.area.noise')] : [],
      keys: isOfSteps(kind) ? [text('plots.line'), text('plots.dots')] : [],
    });
    say(this.svg, 'plots.title', { what: () => text(called[kind].name) }, 'aria-label');
  }

  /** What is known at the cursor, and of which run. @param {Kind} kind @param {Side[]} sides */
  #rows(kind, sides) {
    const names = sides.length > 1 ? this.#names() : [];
    return sides.flatMap((side, i) => {
      const facts = side.course ? factsOf(kind, side.course, side.step, isOfFilms(kind) ? this.#value(kind, side) : NaN, sides.length > 1) : [];
      return facts.length > 0 ? [{ facts, who: names[i] ?? '', second: i > 0 }] : [];
    });
  }

  /** What is at the cursor, in words. */
  get spoken() {
    const rows = this.#rows(this.#plotted, this.#sides());
    return rows.map(({ facts, who }) => (who ? text('plots.of', { who, what: inWords(facts) }) : inWords(facts))).join(text('plots.and'));
  }

  /** Says what is at the cursor. @param {Kind} kind @param {Side[]} sides */
  #tell(kind, sides) {
    this.facts.replaceChildren(...this.#rows(kind, sides).map(({ facts, who, second }) => {
      const row = document.createElement('p');
      row.append(...(who ? [nameOf(who, second)] : []), ...spansOf(facts));
      return row;
    }));
    this.words.textContent = this.spoken;
    const unknown = kind === 'change' && sides.every(({ film }) => !Number.isFinite(film?.facts.values().next().value?.rms));
    const said = this.#courses.length === 0 ? 'plots.waiting' : unknown ? 'plots.unchanged' : this.#refused ? 'refused' : this.#unknown ? 'plots.unknown' : '';
    if (said === this.#said) return;
    this.#said = said;
    if (said === 'refused') explain(this.said, /** @type {Refused} */ (this.#refused));
    else say(this.said, said, { what: this.#unknown.slice(0, 20) });
  }
}

/** Whether a kind is known of films, and not of levels. @param {Kind} kind @returns {kind is 'change' | 'loss' | 'apart'} */
function isOfFilms(kind) {
  return ['change', 'loss', 'apart'].includes(kind);
}

/** How much a film's picture changes in each step. @param {Film | undefined} film */
function changes(film) {
  const points = Array.from(film?.facts ?? [], ([step, { rms }]) => /** @type {Point} */ ([step, rms])).filter(([, rms]) => Number.isFinite(rms));
  return points.sort(([a], [b]) => a - b);
}

/** What is written of a level below the axis. @param {Level} level @param {boolean} trained whether the network has timesteps */
function written({ t, sigma }, trained) {
  if (!trained) return short(sigma);
  return t < 0 ? 'x₀' : String(Math.round(t));
}

/** The name of a curve, after a piece of its line. @param {string} who @param {boolean} second */
function nameOf(who, second) {
  const name = document.createElement('span');
  name.className = second ? 'who second' : 'who';
  name.title = who;
  name.append(document.createElement('i'), who);
  return name;
}
