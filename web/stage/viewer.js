// The Ebitengine viewer in its frame above the plain canvas, as the page sees it:
// it comes when it can, is given what is on the stage, takes the stage once it
// has drawn that, and may end at any moment.

/** @import { StageMessage, Viewer } from '../types.js' */
/** @import { Drawing } from './drawing.js' */
import { Packer } from './packed.js';
import { say } from '../text/i18n.js';
import { afterFrames, hasWebGL2 } from './surface.js';

/** How often a viewer may end before the plain canvas stays. */
const chances = 3;

export class ViewerFrame {
  /** @type {HTMLIFrameElement | undefined} */
  #frame;
  /** @type {Viewer | undefined} */
  #viewer;
  #packer = new Packer();
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
   */
  constructor(box, on) {
    this.box = box;
    this.on = on;
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

  /** Shows a drawing, if the viewer is there. @param {Drawing} drawing */
  draw(drawing) {
    this.#tell((viewer) => {
      const { width, height } = drawing.size;
      const { marks, pixels } = this.#packer.pack(drawing);
      const wrong = viewer.draw(parseInt(drawing.background.slice(1), 16), width, height, marks, pixels);
      if (wrong) throw new Error(wrong);
    });
  }

  /** Does something to the viewer, if it is there. @param {(viewer: Viewer) => void} act */
  #tell(act) {
    if (!this.#viewer) return;
    try {
      act(this.#viewer);
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
    this.#packer = new Packer();
    this.on.up();
    this.#tell((v) => v.drawn(() => afterFrames(2, () => viewer === this.#viewer && this.#take(true))));
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
