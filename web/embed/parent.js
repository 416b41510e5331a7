// The window that frames the player, as the player sees it. What they tell each
// other is listed in player.js.

/**
 * @typedef {object} Wishes What the window around can ask for.
 * @property {() => void} play
 * @property {() => void} pause
 * @property {() => void} step
 * @property {(held: boolean) => void} hold
 * @property {(step: number) => void} seek
 * @property {() => void} reset
 * @property {(recipe: string) => void} recipe
 * @property {(options: Record<string, string>) => void} options
 * @property {(width?: number) => Promise<Blob | null>} picture
 * @property {() => void} sleep
 */

export class Parent {
  /** Where it is; nothing is said before it has spoken. */
  #origin = '';
  /** What it has yet to hear. @type {object[]} */
  #early = [];

  /** @param {Wishes} wishes */
  constructor(wishes) {
    this.wishes = wishes;
    if (window.parent !== window) addEventListener('message', (event) => this.#hear(event));
  }

  /** @param {string} type @param {Record<string, unknown>} detail */
  tell(type, detail) {
    this.#post({ type, detail });
  }

  /** A person has started or paused the player. @param {boolean} wanted @param {boolean} [another] whether by another run */
  state(wanted, another = false) {
    this.#post({ type: 'state', wanted, another });
  }

  /** Something that the author of the page around can mend. @param {string} sentence */
  warn(sentence) {
    this.#post({ type: 'warn', text: sentence });
  }

  /** @param {object} message */
  #post(message) {
    if (window.parent === window) return;
    if (this.#origin) window.parent.postMessage({ tweedie: 1, ...message }, this.#origin);
    else if (this.#early.length < 100) this.#early.push(message);
  }

  /** @param {MessageEvent} event */
  #hear({ source, origin, data }) {
    if (source !== window.parent || data?.tweedie !== 1) return;
    // The origin 'null', of a document in a sandbox, cannot be the target of a message.
    const from = origin === 'null' ? '*' : origin;
    if (data.type === 'hello') {
      this.#origin ||= from;
      if (from !== this.#origin) return;
      this.#post({ type: 'here' });
      for (const message of this.#early.splice(0)) this.#post(message);
    } else if (from === this.#origin) {
      void this.#obey(data);
    }
  }

  /** @param {any} data whose shape is yet to be checked */
  async #obey({ type, held, step, recipe, options, number, width }) {
    const { wishes } = this;
    if (type === 'play') wishes.play();
    else if (type === 'pause') wishes.pause();
    else if (type === 'step') wishes.step();
    else if (type === 'reset') wishes.reset();
    else if (type === 'sleep') wishes.sleep();
    else if (type === 'hold' && typeof held === 'boolean') wishes.hold(held);
    else if (type === 'seek' && Number.isSafeInteger(step)) wishes.seek(step);
    else if (type === 'recipe' && typeof recipe === 'string') wishes.recipe(recipe);
    else if (type === 'options' && options && typeof options === 'object') wishes.options(texts(options));
    else if (type === 'picture' && Number.isSafeInteger(number)) {
      this.#post({ type: 'picture', number, picture: await wishes.picture(Number.isSafeInteger(width) ? width : undefined) });
    }
  }
}

/** The members that are texts. @param {object} options @returns {Record<string, string>} */
function texts(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => typeof value === 'string'));
}
