// The converter as the page sees it: a worker that is started for a conversion
// and let go after it, since it holds as much memory as the checkpoint. There is
// one at a time.

/** @import { Converted, ConvertRequest, FromConverter, Refused } from '../types.js' */
import { address } from '../load/files.js';

/** Thrown when the worker does not start, or dies. */
export class NoConverter extends Error {}

export class Converter {
  /** Ends the conversion that is under way. @type {(() => void) | undefined} */
  #end;

  /**
   * Converts, in the place of what is under way.
   * @param {Omit<ConvertRequest, 'type'>} asked
   * @param {(message: FromConverter) => void} heard what is said before the end
   * @returns {Promise<Converted | Refused | undefined>} nothing if it was cancelled
   * @throws {NoConverter}
   */
  convert(asked, heard) {
    this.cancel();
    return new Promise((resolve, reject) => {
      const worker = new Worker(address('web/own/worker.js'));
      const end = () => {
        worker.onmessage = worker.onerror = null;
        worker.terminate();
        if (this.#end === cancel) this.#end = undefined;
      };
      const cancel = () => {
        end();
        resolve(undefined);
      };
      this.#end = cancel;
      worker.onmessage = ({ data }) => {
        if (data.type !== 'converted' && data.type !== 'refused') return heard(data);
        end();
        resolve(data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        end();
        reject(new NoConverter());
      };
      worker.postMessage({ type: 'convert', ...asked });
    });
  }

  /** What is under way ends without a result. */
  cancel() {
    this.#end?.();
  }
}
