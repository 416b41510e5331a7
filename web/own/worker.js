// Entry of the converter's Web Worker.
/// <reference lib="webworker" />
/**
 * Fetches and starts the converter, hands it the files of one request and passes
 * on what it says. A request ends exactly once, also when the program cannot be
 * had or dies. The page ends the worker after that: it holds as much memory as
 * the checkpoint.
 */
'use strict';

(() => {
  /**
   * @typedef {import('../types.js').ConvertRequest} ConvertRequest
   * @typedef {import('../types.js').FromConverter} FromConverter
   *
   * @typedef {object} Bridge What this script and the Go program leave for each other.
   * @property {(message: FromConverter, transfer?: Transferable[]) => void} send to the page
   * @property {(i: number) => Uint8Array} read the bytes of a file
   * @property {(paths: string[], sizes: number[], options: [string, string][]) => void} convert set by the Go program
   */
  const scope = /** @type {DedicatedWorkerGlobalScope & {tweedie: Bridge}} */ (/** @type {unknown} */ (self));

  let over = false;

  /** @param {FromConverter} message @param {Transferable[]} [transfer] */
  function send(message, transfer = []) {
    if (over) return;
    over = message.type === 'converted' || message.type === 'refused';
    scope.postMessage(message, transfer);
  }

  /** @param {string} message */
  function refuse(message) {
    send({ type: 'refused', message, family: '', asks: [] });
  }

  /** @param {unknown} error */
  const reason = (error) => (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');

  /** The program, counted as it arrives. @returns {Promise<WebAssembly.Module>} */
  async function load() {
    const answer = await fetch(new URL('../converter.wasm', scope.location.href)).catch((error) => {
      throw new Error(`the converter could not be loaded (${reason(error)}): check the connection and try again`);
    });
    if (!answer.ok || !answer.body) throw new Error(`the converter could not be loaded: the server answered ${answer.status}`);
    // Hosts that compress do not tell how long a file is.
    const total = answer.headers.has('content-encoding') ? 0 : Number(answer.headers.get('content-length') ?? 0);
    let done = 0;
    const counter = new TransformStream({
      transform(/** @type {Uint8Array} */ part, controller) {
        done += part.length;
        send({ type: 'loading', done, total: Math.max(total, total && done) });
        controller.enqueue(part);
      },
    });
    const counted = new Response(answer.body.pipeThrough(counter), { headers: { 'content-type': 'application/wasm' } });
    return await WebAssembly.compileStreaming(counted).catch((error) => {
      throw new Error(`the converter could not be started (${reason(error)}): reload the page and try again`);
    });
  }

  /** @param {ConvertRequest} request */
  async function convert({ files, options }) {
    try {
      importScripts('../wasm_exec.js');
      const module = await load();
      const reader = new FileReaderSync();
      const read = (/** @type {number} */ i) => new Uint8Array(reader.readAsArrayBuffer(files[i].file));
      scope.tweedie = { send, read, convert: () => {} };
      const go = new Go();
      go.exit = () => refuse('the converter stopped: the checkpoint may be too large for this device');
      const instance = await WebAssembly.instantiate(module, go.importObject);
      go.run(instance).catch(died);
      scope.tweedie.convert(files.map(({ path }) => path), files.map(({ file }) => file.size), options);
    } catch (error) {
      died(error);
    }
    // The program answers before it comes back, whatever happens.
    refuse('the converter stopped without an answer: reload the page and try again');
  }

  /** @param {unknown} error */
  function died(error) {
    const sentence = reason(error);
    refuse(sentence.startsWith('the converter') ? sentence : `the converter stopped because of a fault (${sentence})`);
  }

  scope.onmessage = (/** @type {MessageEvent<ConvertRequest>} */ { data }) => {
    if (data?.type === 'convert') void convert(data);
  };
})();
