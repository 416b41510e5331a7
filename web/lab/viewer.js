// The lab's stage by Ebitengine, in its frame above the plain canvas: it draws what the plain
// painter draws.

/** @import { Scene } from './scene.js' */
import { Frame } from '../stage/frame.js';
import { Packer } from './packed.js';

/** @extends {Frame<Packer>} */
export class PlaneViewer extends Frame {
  #ratio = 0;

  /**
   * @param {HTMLElement} box that the frame is put into
   * @param {{up: () => void, taken: () => void}} on as Frame has it
   */
  constructor(box, on) {
    super(box, on, Packer);
  }

  /**
   * Shows a scene, if the viewer is there. It draws in device pixels, whatever the plain painter
   * takes for them.
   * @param {Scene} scene @param {number} width @param {number} height in CSS pixels
   */
  draw(scene, width, height) {
    const ratio = devicePixelRatio;
    this.fit({ width, height });
    // Ebitengine reads the ratio only once.
    if (this.#ratio && this.#ratio !== ratio) this.reload();
    this.#ratio = ratio;
    this.tell((viewer, packer) => {
      const { ints, floats } = packer.pack(scene, ratio);
      return viewer.plane(ints, floats);
    });
  }
}
