// The Ebitengine program in its frame above a plain canvas, as a page sees it: it
// comes when it can, is given what is on the stage, takes the stage once it has
// drawn that, and may end at any moment.

/** @import { StageMessage, Viewer } from '../types.js' */
import { say } from '../text/i18n.js';
import { afterFrames, hasWebGL2 } from './surface.js';

/** How often a viewer may end before the plain canvas stays. */
const chances = 3;

/**
 * The frame, with a packer of its owner's: it knows what the viewer holds, and a viewer that comes
 * holds nothing.
 * @template P
 */
export class Frame {
  /** @type {HTMLIFrameElement | undefined} */
  #frame;
  /** @type {Viewer | undefined} */
  #viewer;
  /** @type {P} */
  #packer;
  #ended = 0;
  #label = '';
  /** Tells who asked for the viewer that it is there, or will not come. */
  #settled = () => {};
  /** Whether the viewer is what a person sees. */
  taken = false;

  /**
   * @param {HTMLElement} box that the frame is put into
   * @param {object} on
   * @param {() => void} on.up draws on it
   * @param {() => void} on.taken the stage has changed hands
   * @param {{new (): P}} Packer
   */
  constructor(box, on, Packer) {
    this.box = box;
    this.on = on;
    this.Packer = Packer;
    this.#packer = new Packer();
    addEventListener('message', (event) => this.#heard(event));
  }

  /**
   * Starts the viewer, where there is WebGL2 for it.
   * @param {string} url of frame.html @param {{width: number, height: number}} size in CSS pixels
   * @returns {Promise<void>} settled once it is there, or will not come
   */
  start(url, size) {
    if (!hasWebGL2()) return Promise.resolve();
    const frame = document.createElement('iframe');
    frame.src = url;
    say(frame, 'stage.viewer', {}, 'title');
    frame.className = 'viewer';
    frame.tabIndex = -1;
    this.#frame = frame;
    this.fit(size);
    this.box.append(frame);
    return new Promise((settled) => (this.#settled = settled));
  }

  /** @param {{width: number, height: number}} size in CSS pixels */
  fit({ width, height }) {
    if (this.#frame) Object.assign(this.#frame.style, { width: `${width}px`, height: `${height}px` });
  }

  /** Begins again: Ebitengine reads some things only once. */
  reload() {
    this.#ended--;
    this.#frame?.contentWindow?.location.reload();
  }

  /** Says in words what it shows. @param {string} label */
  describe(label) {
    this.#label = label;
    this.#frame?.contentDocument?.querySelector('canvas')?.setAttribute('aria-label', label);
  }

  /**
   * Does something to the viewer, if it is there. One that answers with a sentence could not do it,
   * and is lost.
   * @param {(viewer: Viewer, packer: P) => string | void} act
   */
  tell(act) {
    if (!this.#viewer) return;
    try {
      const wrong = act(this.#viewer, this.#packer);
      if (wrong) throw new Error(wrong);
    } catch {
      // A Go program that has ended throws when it is called.
      this.#lose();
    }
  }

  /** @param {MessageEvent} event */
  #heard(event) {
    if (event.origin !== location.origin || event.source !== this.#frame?.contentWindow) return;
    const message = /** @type {StageMessage} */ (event.data);
    if (message?.type !== 'viewer') return;
    if (message.state === 'up') this.#hand();
    else this.#lose();
    this.#settled();
  }

  /** Gives the viewer all there is, and the stage once it has drawn that. */
  #hand() {
    const content = /** @type {{viewer?: Viewer} | null | undefined} */ (this.#frame?.contentWindow);
    const viewer = content?.viewer;
    this.#viewer = viewer;
    // Ebitengine reloads its document when the graphics card is reset.
    this.#frame?.contentWindow?.addEventListener('pagehide', () => viewer === this.#viewer && this.#lose());
    this.describe(this.#label);
    this.#packer = new this.Packer();
    this.on.up();
    const drawn = () => afterFrames(2, () => viewer === this.#viewer && this.#take(true));
    this.tell((v) => void v.drawn(drawn));
  }

  /** The viewer has ended. */
  #lose() {
    this.#viewer = undefined;
    this.#take(false);
    this.#ended++;
    if (this.#ended >= chances) {
      this.#frame?.remove();
      this.#frame = undefined;
    }
  }

  /** @param {boolean} taken */
  #take(taken) {
    this.taken = taken && this.#viewer !== undefined;
    this.#frame?.classList.toggle('shown', this.taken);
    this.on.taken();
  }
}
