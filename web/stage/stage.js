// The stage: the films that are on it, how they are looked at, and where they are
// drawn. That is a plain canvas until the viewer, in a frame above it, has drawn
// the same, and then the viewer alone; if that ends, the canvas takes over again.

/** @import { Camera } from './camera.js' */
/** @import { Headings, Name } from './headings.js' */
/** @import { Columns } from './columns.js' */
/** @import { Layout } from './layout.js' */
/** @import { RunShape, Step } from '../types.js' */
/** @import { View } from './views.js' */
import { forksOf } from '../document/fragment.js';
import { follow, partner } from './align.js';
import { whole as everything } from './camera.js';
import { Captions } from './captions.js';
import { drawing } from './drawing.js';
import { Ending, isFinished, isPair, repeats } from './ending.js';
import { Film } from './film.js';
import { arrange, arrangeHero, between } from './layout.js';
import { Motion } from './motion.js';
import { Painter } from './painter.js';
import { panelAt } from './pointing.js';
import { coloursOf, shapeBox, shapeStrip, watchRatio, whole } from './surface.js';
import { views as allViews } from './views.js';

/** Milliseconds in which one view takes the place of another. */
const leafTime = 200;
/** Drawn before any model is known, so that the stage has its shape. */
const expected = { steps: 50, images: 1, channels: 1, height: 32, width: 32, columns: 0 };

/**
 * @typedef {object} Parts
 * @property {HTMLElement} box that everything is in
 * @property {HTMLCanvasElement} canvas
 * @property {Record<View, HTMLElement>} captions
 */

export class Stage {
  /** It comes when it is asked for. @type {import('./viewer.js').ViewerFrame | undefined} */
  #viewer;
  #print = matchMedia('print');
  #painting = false;
  /** @type {(Layout & Partial<Columns>) | undefined} */
  #layout;
  #following = true;
  #ending = new Ending(() => this.turned(), () => this.#move());
  /** How one view takes the place of another: as a page is turned. */
  #leaf = { from: /** @type {View} */ ('xt'), way: 1 };
  #leaves = new Motion(1, () => this.#paint());
  /** Whether the finished picture of a run grows. */
  grows = false;
  /** Told when other pictures than x_t and x̂0 stand in their places, or these again. */
  turned = () => {};
  /** What two runs are called. @type {Name[]} */
  #names = [];
  /** What lays out two runs and names them: it comes with the first two, which stand in rows until then. @type {{headings: Headings, arrange: typeof import('./columns.js').arrangeColumns} | undefined} */
  #columns;
  /** One film, or two that are compared. */
  films = [new Film(expected)];
  difference = 0;
  /** Where a line goes through the pictures of two films, of which the first is left of it: as a part of their width. @type {number | undefined} */
  wipe;
  camera = everything;
  smooth = false;
  /** CSS pixels of the film strip's height, where it is not the page's; 0 for none. @type {number | undefined} */
  strip;
  /** Told where everything is whenever that has changed. @type {((layout: Layout & Partial<Columns>, ratio: number) => void)[]} */
  watchers = [];
  #size = { width: 0, height: 0, ratio: 1 };

  /** @param {Parts} parts @param {View[]} views that are shown at first */
  constructor(parts, views) {
    this.parts = parts;
    this.views = views;
    this.captions = new Captions(parts.captions);
    this.painter = new Painter(parts.canvas);
    new ResizeObserver(() => this.#resize()).observe(parts.box);
    watchRatio(() => {
      this.#resize();
      this.#viewer?.reload();
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#paint());
    this.#shapeBox();
  }

  /** The first run. */
  get film() {
    return this.films[0];
  }

  /** The film that gives the time: of two the one with more steps. */
  get clock() {
    return this.films.reduce((one, other) => (other.shape.steps > one.shape.steps ? other : one));
  }

  /** How many times as large the difference is shown. */
  get gain() {
    return this.difference || 1;
  }

  /** The panels of each view: numbers of films, and after the last that of their difference. */
  get sides() {
    const films = this.films.map((_, side) => side);
    return [...(this.wipe === undefined ? films : [0]), ...(this.difference ? [films.length] : [])];
  }

  /** The view that makes room, if one does. */
  get leaf() {
    const { part } = this.#leaves;
    return part < 1 ? { ...this.#leaf, part } : undefined;
  }

  /** How far the finished picture has grown, 0 to 1. */
  get grown() {
    return this.#ending.part;
  }

  /** Whether it is large, and x_t is where it began. */
  get hero() {
    return this.#ending.grown;
  }

  /** Whether the finished picture of each run is shown. */
  get finished() {
    return this.films.every(isFinished);
  }

  /** Whether that takes the place of a picture that would be the same. */
  get ended() {
    return this.grows && this.films.length === 1 && this.finished && isPair(this.views) && repeats(this.film);
  }

  /** What is to be drawn, once the stage has a size. */
  get drawing() {
    return this.#layout && drawing(this, this.#layout, coloursOf(this.parts.box));
  }

  /** Whether the newest steps are shown as they come. */
  get following() {
    return this.#following;
  }

  /** 'canvas' or 'viewer', whichever is seen. */
  get surface() {
    return this.#viewer?.taken ? 'viewer' : 'canvas';
  }

  /**
   * Starts the viewer, where there is WebGL2 for it.
   * @param {string} url of frame.html
   * @returns {Promise<void>} settled once it is there, or will not come
   */
  async enhance(url) {
    const { box, canvas } = this.parts;
    const { ViewerFrame } = await import('./viewer.js');
    this.#viewer = new ViewerFrame(box, { up: () => this.#draw(), taken: () => this.#handed() });
    this.#viewer.describe(canvas.getAttribute('aria-label') ?? '');
    await this.#viewer.start(url, this.#size);
  }

  /**
   * A new run.
   * @param {RunShape & {recipe?: string}} run @param {number} [side] of those that are compared
   */
  begin(run, side = 0) {
    const { steps, first, images, channels, height, width, columns } = run;
    const shape = { steps, first, images, channels, height, width, columns, forks: forksOf(run) };
    this.films[side] = new Film(shape, this.films.length);
    this.#following = true;
    this.#reshape();
  }

  /**
   * Puts the steps of a whole run in the place of those of another; says whether that is of its shape, and whole.
   * @param {RunShape & {recipe?: string}} run @param {Step[]} made
   */
  turn(run, made) {
    const { film, films } = this;
    const { steps, first, images, channels, height, width, columns } = run;
    const shape = { steps, first, images, channels, height, width, columns };
    if (films.length > 1 || !film.complete || !alike(shape, film.shape)) return false;
    const { shown } = film;
    this.films = [new Film({ ...shape, forks: forksOf(run) })];
    for (const step of made) this.film.add(step);
    this.film.show(shown);
    this.#paint();
    return true;
  }

  /**
   * How many runs are compared, and how. What was there goes, unless only
   * the latter changes.
   * @param {Name[]} names of the sides, none for one run alone
   * @param {number} difference how many times as large that of two is shown, as a last side; 0 for not at all
   * @param {number} [wipe] where a line between the two goes through both, in one panel
   */
  compare(names, difference, wipe) {
    const films = names.length > 0 ? 2 : 1;
    this.difference = films > 1 ? difference : 0;
    this.wipe = films > 1 ? wipe : undefined;
    if (films !== this.films.length) {
      const { shape } = this.film;
      this.films = Array.from({ length: films }, () => new Film(shape, films));
      this.#following = true;
    }
    this.captions.sided(names.length);
    this.#names = names;
    if (this.#columns) this.#columns.headings.call(names);
    else if (films > 1) void this.#bringColumns();
    this.#reshape();
  }

  async #bringColumns() {
    try {
      const { Headings, arrangeColumns } = await import('./headings.js');
      this.#columns ??= { headings: new Headings(this.parts.captions.xt), arrange: arrangeColumns };
    } catch {
      return; // the next comparison tries again
    }
    this.#columns.headings.call(this.#names);
    this.#arrange();
    this.#paint();
  }

  /** Moves the line between two films. @param {number} part of the pictures' width */
  cut(part) {
    this.wipe = part;
    this.#paint();
  }

  /**
   * Shows the pictures nearer or whole, and their pixels as squares or smoothly.
   * @param {Camera} camera @param {boolean} smooth
   */
  look(camera, smooth) {
    this.camera = camera;
    this.smooth = smooth;
    this.#paint();
  }

  /**
   * Shows other views of the same steps.
   * @param {View[]} views
   */
  show(views) {
    const [before] = this.views;
    const turned = this.views.length === 1 && views.length === 1 && views[0] !== before;
    this.#leaf = { from: before, way: allViews.indexOf(views[0]) > allViews.indexOf(before) ? 1 : -1 };
    this.#leaves.stay(turned ? 0 : 1);
    this.views = views;
    this.#reshape();
    if (turned) this.#leaves.go(1, leafTime);
  }

  /** Other pictures are on the stage, or others of them. */
  #reshape() {
    if (this.films.length > 1 || !isPair(this.views)) this.#ending.leave();
    this.#shapeBox();
    this.#arrange();
    this.#paint();
  }

  /**
   * Goes to a step of the clock, or with 0 to the newest, and says which is shown.
   * @param {number} step
   */
  seek(step) {
    const { clock } = this;
    const shown = clock.show(step);
    this.#following = clock.shown === 0;
    this.#together();
    this.#paint();
    return shown;
  }

  /**
   * Mixes the shown step with another step of the clock, in the ratio of part to
   * 256 − part.
   * @param {number} from @param {number} part
   */
  fade(from, part) {
    const { clock } = this;
    for (const film of this.films) film.fade(film === clock ? from : partner(clock, from, film), part);
    this.#paint();
  }

  /** Lets the films that are compared show what belongs together. */
  #together() {
    const { clock } = this;
    if (this.films.length > 1 && this.#following) follow(this.films);
    else for (const film of this.films) if (film !== clock) film.show(partner(clock, clock.current, film));
  }

  /** Where everything is. */
  get placed() {
    return this.#layout && { layout: this.#layout, ratio: this.#size.ratio, camera: this.camera };
  }

  /** As panelAt of pointing.js. @param {number} x @param {number} y */
  panelAt(x, y) {
    return this.#layout && panelAt(this.#layout, this.parts.box, this.#size.ratio, x, y);
  }

  /** Says in the document at which step x_t began, where that stands beside the finished picture. */
  #tellEnding() {
    const { box } = this.parts;
    box.toggleAttribute('data-turning', this.#ending.turning);
    if (this.hero) box.dataset.hero = String(this.film.first);
    else delete box.dataset.hero;
  }

  /** The finished picture grows, or the two become equal again. */
  #move() {
    this.#arrange();
    this.#paint();
  }

  #shapeBox() {
    shapeBox(this.parts.box, this.film.shape, this.views.length, this.sides.length);
    this.#resize();
  }

  /** @param {Step} message @param {number} [side] of those that are compared */
  add(message, side = 0) {
    this.films[side].add(message);
    if (this.films.length > 1) this.#together();
    this.#paint();
  }

  /**
   * Says in words what the stage shows.
   * @param {string} label
   */
  describe(label) {
    this.parts.canvas.setAttribute('aria-label', label);
    this.#viewer?.describe(label);
  }

  /** The viewer has taken the stage, or left it to the canvas. */
  #handed() {
    this.parts.box.dataset.surface = this.surface;
    if (this.#viewer?.taken) this.parts.canvas.setAttribute('aria-hidden', 'true');
    else this.parts.canvas.removeAttribute('aria-hidden');
    this.#paint();
  }

  /** Draws on the plain canvas, also where the viewer is seen: it is what can be printed. */
  paint() {
    if (this.drawing) this.painter.draw(this.drawing);
  }

  /** Whether the plain canvas is seen: it is all that paper shows. */
  get #plain() {
    return !this.#viewer?.taken || this.#print.matches;
  }

  /** Draws at the next frame. */
  #paint() {
    this.#ending.see(this.ended, !this.film.complete);
    this.#tellEnding();
    if (this.#painting) return;
    this.#painting = true;
    requestAnimationFrame(() => {
      this.#painting = false;
      this.#draw();
    });
  }

  /** Draws on the viewer, and on the plain canvas while that is what is seen. */
  #draw() {
    const { drawing } = this;
    if (!drawing) return;
    if (this.#plain) this.painter.draw(drawing);
    this.#viewer?.draw(drawing);
  }

  #resize() {
    const { box, canvas } = this.parts;
    const ratio = devicePixelRatio || 1;
    const width = whole(box.clientWidth, ratio);
    const height = whole(box.clientHeight, ratio);
    if (width === this.#size.width && height === this.#size.height && ratio === this.#size.ratio) return;
    this.#size = { width, height, ratio };
    canvas.width = Math.trunc(width * ratio);
    canvas.height = Math.trunc(height * ratio);
    // Exactly so large that pixels meet device pixels.
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    this.#viewer?.fit(this.#size);
    this.#arrange();
    // Resizing has emptied the canvas; painting at the next frame would flash.
    this.#draw();
  }

  /** Lays out pictures and captions. */
  #arrange() {
    const { width, height } = this.parts.canvas;
    if (width === 0 || height === 0) return;
    const ratio = this.#size.ratio;
    const { views, sides } = this;
    const layout = this.#layoutOf({ width, height, ratio, strip: this.strip });
    this.#layout = layout;
    this.captions.place(layout, views, sides, ratio);
    this.#columns?.headings.place(layout, this, ratio);
    shapeStrip(this.parts.box, layout, ratio);
    for (const watch of this.watchers) watch(layout, ratio);
  }

  /** @param {import('./layout.js').Box} box */
  #layoutOf(box) {
    const { clock, films, views, sides, wipe } = this;
    if (films.length === 1 || !this.#columns) {
      const rows = arrange(box, clock.shape, views.length, sides.length, clock.keptSteps);
      return this.grown > 0 ? between(rows, arrangeHero(box, clock.shape, clock.keptSteps), this.grown) : rows;
    }
    const strips = { kept: films.map((film) => film.keptSteps), clock: films.indexOf(clock), own: wipe === undefined };
    return this.#columns.arrange(box, clock.shape, views.length, sides.length, strips);
  }
}

/** Whether two runs have as many steps of pictures of the same shape. @param {RunShape} one @param {RunShape} other */
function alike(one, other) {
  return /** @type {(keyof RunShape)[]} */ (Object.keys(one)).every((key) => one[key] === other[key]);
}
