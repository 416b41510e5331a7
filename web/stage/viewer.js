// What is on the stage, for the Ebitengine viewer in its frame.

/** @import { Drawing } from './drawing.js' */
import { Frame } from './frame.js';
import { Packer } from './packed.js';

/** @extends {Frame<Packer>} */
export class ViewerFrame extends Frame {
  /**
   * @param {HTMLElement} box that the frame is put into
   * @param {{up: () => void, taken: () => void}} on as Frame has it
   */
  constructor(box, on) {
    super(box, on, Packer);
  }

  /** Shows a drawing, if the viewer is there. @param {Drawing} drawing */
  draw(drawing) {
    this.tell((viewer, packer) => {
      const { width, height } = drawing.size;
      const { marks, pixels } = packer.pack(drawing);
      return viewer.draw(parseInt(drawing.background.slice(1), 16), width, height, marks, pixels);
    });
  }
}
