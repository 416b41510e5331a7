// The panel of runs that begin with a picture: it is drawn by hand or brought,
// and varied, repainted in part, or turned into noise and drawn as something
// else. What the panel is set to is written into the recipe that the controls
// make, from the moment on that a run has begun with its picture.

/** @import { Host, Panel } from './extras.js' */
/** @import { Key } from '../text/i18n.js' */
/** @import { Described } from '../types.js' */
import { Sketch } from './sketch.js';
import { Refusal } from '../engine/crew.js';
import { valueOf } from '../engine/fields.js';
import { en, zh } from '../text/edit.js';
import { learn, say } from '../text/i18n.js';
import { explain, sentences } from '../text/refusal.js';
import { Trouble } from '../load/loader.js';
import { opened } from '../opened/opened.js';
import { allow, element, onClick } from '../document/elements.js';
import { reason } from '../document/idle.js';

learn(en, zh);

/** @typedef {'vary' | 'repaint' | 'invert'} Mode */

/** Milliseconds without a stroke after which what was drawn is meant. */
const rest = 900;
/** The strength that a mode begins with. @type {Record<Mode, string>} */
const strengths = { vary: '0.6', repaint: '1', invert: '1' };

/** @param {string} id */
function field(id) {
  return /** @type {HTMLInputElement} */ (element(id));
}

/** @param {string} name of radio buttons */
function chosen(name) {
  return /** @type {HTMLInputElement} */ (document.querySelector(`input[name="${name}"]:checked`)).value;
}

/** @param {string} name @param {string} value */
function choose(name, value) {
  /** @type {HTMLInputElement} */ (document.querySelector(`input[name="${name}"][value="${value}"]`)).checked = true;
}

/** @implements {Panel} */
class Edit {
  /** Whether the recipe of the controls begins with a picture. */
  #used = false;
  #filling = false;
  #due = 0;
  /** The picture that was opened, as it is drawn. @type {Uint8Array | undefined} */
  #opened;
  #inverted = false;
  /** What the menu of classes offers. */
  #classes = '';
  /** Counts how often steps were counted, for the same. */
  #counts = 0;
  /** Counts what was named, so that a slow answer does not undo a newer one. */
  #names = 0;
  /** The naming that is under way. @type {Promise<string | undefined> | undefined} */
  #naming;

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    this.sketch = new Sketch(
      /** @type {HTMLCanvasElement} */ (element('edit-canvas')),
      () => {
        this.#changed();
        this.#act();
      },
      ({ x, y }, down) => say(element('edit-said'), down ? 'edit.at.down' : 'edit.at', { x: Math.ceil(x), y: Math.ceil(y) }),
    );
    host.drawing = () => (this.sketch.empty ? undefined : this.sketch.sheet.pixels);
    this.#listen();
    this.#show();
  }

  #listen() {
    const { sketch } = this;
    const box = element('edit');
    for (const radio of box.querySelectorAll('input[name="edit-brush"]')) {
      radio.addEventListener('change', () => (sketch.rubber = chosen('edit-brush') === 'rubber'));
    }
    for (const radio of box.querySelectorAll('input[name="edit-on"]')) radio.addEventListener('change', () => this.#show());
    for (const radio of box.querySelectorAll('input[name="edit-mode"]')) radio.addEventListener('change', () => this.#turn());
    for (const id of ['edit-strength', 'edit-resample', 'edit-jump', 'edit-class']) {
      element(id).addEventListener('change', () => {
        this.#changed();
        if (this.#used) this.#act();
      });
      element(id).addEventListener('input', () => this.#show());
    }
    for (const id of ['edit-strength', 'steps']) element(id).addEventListener('input', () => void this.#count());
    field('edit-width').addEventListener('input', () => (sketch.brush = Number(field('edit-width').value)));
    field('edit-colour').addEventListener('input', () => {
      sketch.colour = [1, 3, 5].map((at) => parseInt(field('edit-colour').value.slice(at, at + 2), 16));
    });
    onClick('edit-undo', () => sketch.undo());
    onClick('edit-clear', () => sketch.clear());
    onClick('edit-open', () => field('edit-file').click());
    onClick('edit-invert', () => this.#invert());
    onClick('edit-stage', () => this.#own());
    onClick('edit-start', () => void this.#start());
    onClick('edit-leave', () => this.#leave());
    field('edit-file').addEventListener('change', () => {
      void this.#take(field('edit-file').files?.[0]);
      field('edit-file').value = '';
    });
    box.addEventListener('drop', (event) => this.#given(event, event.dataTransfer?.files));
    box.addEventListener('paste', (event) => this.#given(event, event.clipboardData?.files));
  }

  /** What is drawn is drawn from, after a rest; a part that is repainted once the mask has it. */
  #act() {
    clearTimeout(this.#due);
    if (this.#filling || (this.mode === 'repaint' && chosen('edit-on') !== 'mask')) return;
    this.#due = setTimeout(() => !this.sketch.empty && element('edit-start').ariaDisabled !== 'true' && void this.#start(), rest);
  }

  /** @returns {Mode} */
  get mode() {
    return /** @type {Mode} */ (chosen('edit-mode'));
  }

  /** @param {Described} described */
  fill({ recipe, fields }) {
    const model = this.host.model();
    if (!model) return;
    this.#filling = true;
    this.sketch.shape(model);
    const { image, mask } = this.host.inputs.of(recipe);
    const [named, masked, strength, resample, jump, invert] = ['image', 'mask', 'strength', 'resample', 'jump', 'invert'].map((key) => valueOf(fields, key));
    this.#used = named !== '';
    const names = ['none', ...model.classes];
    if (names.join() !== this.#classes) {
      const options = names.map((name) => new Option(name, name));
      say(options[0], 'controls.class.none');
      field('edit-class').replaceChildren(...options);
      this.#classes = names.join();
    }
    if (this.#used) {
      if (image) this.sketch.set({ pixels: image, ...(mask && { mask }) });
      if (masked && this.mode !== 'repaint') choose('edit-on', 'mask');
      choose('edit-mode', masked ? 'repaint' : invert ? 'invert' : 'vary');
      field('edit-strength').value = strength;
      if (resample) field('edit-resample').value = resample;
      if (jump) field('edit-jump').value = jump;
      if (invert) field('edit-class').value = invert;
    }
    const idle = reason(fields.image);
    allow('edit-start', idle === '');
    say(element('edit-said'), idle || (this.#used && !image ? 'edit.absent' : ''));
    this.#filling = false;
    this.#show();
    void this.#count();
  }

  ended() {
    this.#show();
  }

  moved() {}

  /** Another mode, which begins with its own strength and brush. */
  #turn() {
    field('edit-strength').value = strengths[this.mode];
    choose('edit-on', this.mode === 'repaint' && !this.sketch.empty ? 'mask' : 'picture');
    this.#changed();
    void this.#count();
  }

  /** The picture or its settings have changed: so does a recipe that has them. */
  #changed() {
    this.#show();
    if (this.#used && !this.#filling) void this.#named();
  }

  /** What is to end before the controls' recipe has the picture; whether it has then. */
  settled() {
    return this.#naming?.then((recipe) => recipe !== undefined);
  }

  /** Writes the panel into the controls' recipe, and returns it; nothing if it is refused. */
  #named() {
    const naming = this.#name().finally(() => {
      if (this.#naming === naming) this.#naming = undefined;
    });
    this.#naming = naming;
    return naming;
  }

  async #name() {
    const { controls, engine, inputs } = this.host;
    const wish = ++this.#names;
    const { pixels, mask } = this.sketch.sheet;
    const repainted = this.mode === 'repaint';
    const again = repainted && Number(field('edit-resample').value) !== 1;
    controls.write({
      ...{ image: '', mask: '' },
      strength: field('edit-strength').value === '1' && this.mode !== 'vary' ? '' : field('edit-strength').value,
      resample: repainted ? field('edit-resample').value : '',
      jump: again ? field('edit-jump').value : '',
      invert: this.mode === 'invert' ? field('edit-class').value : '',
    });
    try {
      const pictures = { image: pixels.slice(), ...(repainted && { mask: mask.slice() }) };
      const { recipe, fields } = await inputs.name(engine, controls.recipe(), pictures);
      if (wish !== this.#names) return undefined;
      controls.write({ image: valueOf(fields, 'image'), mask: valueOf(fields, 'mask') });
      return recipe;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await sentences();
      if (wish === this.#names && !controls.complain(error, true)) explain(element('edit-said'), error);
      return undefined;
    }
  }

  /** Runs the recipe with the picture. */
  async #start() {
    clearTimeout(this.#due);
    const recipe = await this.#named();
    if (recipe === undefined) return;
    element('box').scrollIntoView({ block: 'nearest' });
    this.host.open(recipe);
  }

  /** Runs the recipe without one. */
  #leave() {
    this.#names++;
    this.#used = false;
    const { controls } = this.host;
    controls.write({ image: '', mask: '', strength: '', resample: '', jump: '', invert: '' });
    element('edit-start').focus();
    this.host.open(controls.recipe());
  }

  /** Takes the first picture of those on the stage, as it is at last. */
  #own() {
    const { film } = this.host.stage;
    const pixels = film.live[0]?.xt;
    if (!film.complete || pixels?.length !== this.sketch.sheet.pixels.length) return;
    this.#opened = undefined;
    this.sketch.set({ pixels });
    this.#show();
  }

  /** @param {DragEvent | ClipboardEvent} event @param {FileList | undefined} files */
  #given(event, files) {
    const file = [...(files ?? [])].find(({ type }) => type.startsWith('image/'));
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    void this.#take(file);
  }

  /** @param {File | undefined} file */
  async #take(file) {
    const shape = this.host.model();
    if (!file || !shape) return;
    try {
      const picture = await opened(file, shape);
      if (shape !== this.host.model()) return;
      if (!picture) throw new Trouble('edit.unreadable', { file: file.name });
      this.#opened = picture.pixels;
      this.#inverted = picture.inverted;
      this.sketch.set({ pixels: picture.pixels });
      say(element('edit-said'), 'edit.opened', { file: file.name });
      this.#show();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      say(element('edit-said'), error.key, error.values);
    }
  }

  #invert() {
    if (!this.#opened) return;
    this.#inverted = !this.#inverted;
    this.#opened = this.#opened.map((v) => 255 - v);
    this.sketch.set({ pixels: this.#opened });
    this.#show();
  }

  #show() {
    const { sketch, mode } = this;
    sketch.masked = mode === 'repaint';
    sketch.masking = sketch.masked && chosen('edit-on') === 'mask';
    sketch.show();
    element('edit-on').hidden = !sketch.masked;
    element('edit-colour-field').hidden = sketch.channels === 1 || sketch.masking;
    if (this.#opened?.length !== sketch.sheet.pixels.length) this.#opened = undefined; // it was for another model
    element('edit-invert').hidden = !this.#opened;
    element('edit-invert').setAttribute('aria-pressed', String(this.#inverted));
    element('edit-vary').hidden = mode === 'invert';
    element('edit-repaint').hidden = mode !== 'repaint';
    element('edit-jump-field').hidden = Number(field('edit-resample').value) === 1;
    element('edit-inversion').hidden = mode !== 'invert';
    element('edit-leave').hidden = !this.#used;
    allow('edit-undo', sketch.undoable);
    allow('edit-stage', this.host.stage.film.complete && this.host.stage.film.live[0] !== undefined);
    say(element('edit-canvas'), 'edit.canvas', { width: sketch.width, height: sketch.height }, 'aria-label');
    say(element('edit-mode-hint'), /** @type {Record<Mode, Key>} */ ({ vary: 'edit.vary.hint', repaint: 'edit.repaint.hint', invert: 'edit.inversion.hint' })[mode]);
  }

  /** Says how many steps are made of a picture with the strength that is set. */
  async #count() {
    const { controls, engine } = this.host;
    const count = ++this.#counts;
    const set = { strength: field('edit-strength').value };
    const image = this.sketch.sheet.pixels.slice();
    const described = await engine.describe(controls.recipe(), { image }, { set }).catch(() => undefined);
    if (count !== this.#counts) return;
    const [kept, steps] = [described?.taken ?? 0, Number(valueOf(described?.fields ?? {}, 'steps'))];
    say(element('hint-strength'), described ? 'edit.strength.hint' : '', { kept, steps });
  }
}

/** @param {Host} host */
export function panel(host) {
  return new Edit(host);
}
