// The panel that says how likely a picture is under the model: the terms of the
// bound, or the estimate along the flow, as they come.

/** @import { Host, Panel } from './extras.js' */
/** @import { Key } from '../text/i18n.js' */
/** @import { Described, EstimateMessage, Failed, Measuring, Term } from '../types.js' */
import { Chart } from './chart.js';
import { recipeText } from '../engine/fields.js';
import { en, zh } from '../text/edit.js';
import { language, learn, say } from '../text/i18n.js';
import { explain, sentences } from '../text/refusal.js';
import { allow, element, onClick } from '../document/elements.js';
import { reason } from '../document/idle.js';

learn(en, zh);

/** Keys of the controls that an estimate goes by; guidance is none of them. */
const keys = ['m', 'c', 's', 'clip', 'variance'];

/** @type {Record<string, Key>} */
const hints = { denoising: 'bound.denoising.hint', consistency: 'bound.consistency.hint', flow: 'bound.flow.hint' };

/** @param {string} id */
function field(id) {
  return /** @type {HTMLInputElement} */ (element(id));
}

/** Bits, with as many places as are worth reading. @param {number} value */
export function number(value) {
  const places = Math.abs(value) < 0.01 ? 5 : 3;
  return value.toLocaleString(language(), { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** @implements {Panel} */
class Measure {
  /** @type {{steer: (type: 'pause' | 'resume' | 'cancel') => void} | undefined} */
  #estimate;
  #paused = false;
  /** @type {Measuring | undefined} */
  #begun;
  /** @type {Term[]} */
  #terms = [];

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    this.chart = new Chart(element('bound-chart'));
    onClick('bound-measure', () => this.#measure());
    onClick('bound-pause', () => this.#estimate?.steer(this.#paused ? 'resume' : 'pause'));
    onClick('bound-pause', () => this.#paused && this.#hold(false));
    onClick('bound-cancel', () => this.#estimate?.steer('cancel'));
    field('bound-form').addEventListener('change', () => this.#hint());
    this.#hint();
    this.#show();
  }

  /** @param {Described} described */
  fill({ fields }) {
    if (fields.steps) field('bound-steps').max = String(fields.steps.max);
    const idle = reason(fields.image); // what cannot begin with a picture can measure none
    allow('bound-measure', idle === '');
    if (!this.#estimate && (idle || !this.#begun)) say(element('bound-said'), idle);
    this.#show();
  }

  ended() {}

  moved() {
    const { clock } = this.host.stage;
    this.chart.mark(clock.facts.get(clock.current));
  }

  #hint() {
    say(element('hint-bound-form'), hints[field('bound-form').value]);
  }

  /** The picture that is meant. @returns {Uint8Array | undefined} */
  get picture() {
    if (field('bound-drawing').checked) return this.host.drawing?.();
    const { film } = this.host.stage;
    return film.complete && !film.noised ? film.live[0]?.xt : undefined;
  }

  #measure() {
    const { engine, controls } = this.host;
    const { picture } = this;
    if (!picture) return say(element('bound-said'), field('bound-drawing').checked ? 'bound.undrawn' : 'bound.empty');
    const entries = controls.entries().filter(([key]) => keys.includes(key));
    const form = field('bound-form').value;
    const draws = Math.max(1, Math.trunc(Number(field('bound-draws').value)) || 1);
    const recipe = recipeText([...entries, ['steps', field('bound-steps').value.trim()]]);
    this.#begun = undefined;
    this.#terms = [];
    this.#paused = false;
    const estimate = engine.measure({ recipe, image: picture.slice(), form, draws }, (message) => {
      if (estimate === this.#estimate) this.#heard(message);
    });
    this.#estimate = estimate;
    say(element('bound-said'), 'bound.running');
    this.#show();
  }

  /** @param {EstimateMessage} message */
  #heard(message) {
    switch (message.type) {
      case 'measuring':
        this.#begun = message;
        element('bound-terms').replaceChildren();
        this.chart.begin(message);
        this.moved();
        break;
      case 'term':
        this.#terms.push(message);
        element('bound-terms').append(row(message));
        this.chart.add(message);
        break;
      case 'paused':
        return this.#hold(true);
      case 'measured':
        say(element('bound-said'), 'bound.done', { bits: () => number(message.bits) });
        break;
      case 'cancelled':
        say(element('bound-said'), 'bound.cancelled', { terms: this.#terms.length });
        break;
      case 'failed':
        void this.#complain(message);
    }
    if (['measured', 'cancelled', 'failed'].includes(message.type)) this.#estimate = undefined;
    this.#show();
  }

  /** Says why there is no estimate, at the field where that can be mended. @param {Failed} failed */
  async #complain(failed) {
    const said = element('bound-said');
    if (!failed.message) return say(said, 'error.crash');
    await sentences();
    if (this.#estimate) return;
    const own = failed.key === 'steps';
    if (!own && this.host.controls.complain(failed, true)) return say(said, '');
    if (!own) return explain(said, failed);
    const { labels, min, max } = field('bound-steps');
    explain(said, failed, () => labels?.[0].textContent ?? '', { min: Number(min), max: Number(max) });
  }

  /** @param {boolean} paused */
  #hold(paused) {
    this.#paused = paused;
    say(element('bound-said'), paused ? 'bound.paused' : 'bound.running');
    this.#show();
  }

  #show() {
    const running = this.#estimate !== undefined;
    allow('bound-pause', running);
    allow('bound-cancel', running);
    say(element('bound-pause'), this.#paused ? 'bound.on' : 'bound.wait');
    const begun = this.#begun;
    element('bound-result').hidden = begun === undefined;
    if (!begun) return;
    const last = this.#terms.at(-1);
    const total = last?.total ?? begun.total;
    const error = last?.standardError ?? NaN;
    const values = { bits: () => number(total), error: () => number(error) };
    say(element('bound-total'), Number.isNaN(error) ? 'bound.total' : 'bound.total.within', values);
    const flow = begun.form === 'flow';
    // The last timestep of a bound is no comparison of noises but the picture's own 8 bits.
    const whole = !flow && this.#terms.length === begun.terms;
    const reconstruction = whole ? (last?.bits ?? 0) : NaN;
    const middle = total - (flow ? begun.total : begun.prior) - (whole ? reconstruction : 0);
    element('bound-recon-row').hidden = flow;
    say(element('bound-prior-name'), flow ? 'bound.noise' : 'bound.prior');
    say(element('bound-middle-name'), flow ? 'bound.change' : begun.form === 'consistency' ? 'bound.consistent' : 'bound.middle');
    say(element('bound-prior'), 'bound.bits', { bits: () => number(flow ? begun.total : begun.prior) });
    say(element('bound-middle'), 'bound.bits', { bits: () => number(middle) });
    say(element('bound-recon'), whole ? 'bound.bits' : 'bound.later', { bits: () => number(reconstruction) });
    const bar = /** @type {HTMLProgressElement} */ (element('bound-bar'));
    bar.max = begun.terms;
    bar.value = this.#terms.length;
  }
}

/** A line of the table. @param {Term} term */
function row({ t, bits, total, x0MSE }) {
  const line = document.createElement('tr');
  const head = document.createElement('th');
  head.scope = 'row';
  head.textContent = String(t);
  const cells = [bits, total, x0MSE].map((value) => {
    const cell = document.createElement('td');
    cell.textContent = Number.isNaN(value) ? '–' : number(value);
    return cell;
  });
  line.append(head, ...cells);
  return line;
}

/** @param {Host} host */
export function panel(host) {
  return new Measure(host);
}
