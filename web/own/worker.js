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

  /** @param {string} id @param {string} message in English @param {Record<string, string>} [values] */
  function refuse(id, message, values = {}) {
    send({ type: 'refused', message, id, values, family: '', needs: [], asks: [] });
  }

  /** @param {unknown} error */
  const reason = (error) => (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');

  /**
   * The program, counted as it arrives.
   * @returns {Promise<WebAssembly.Module | undefined>} nothing where it cannot be had, which is said
   */
  async function load() {
    const answer = await fetch(new URL('../converter.wasm', scope.location.href)).catch(reason);
    if (typeof answer === 'string' || !answer.ok || !answer.body) {
      const fault = typeof answer === 'string' ? answer : String(answer.status);
      refuse('unloaded', `the converter could not be loaded (${fault})`, { fault });
      return undefined;
    }
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
      const fault = reason(error);
      refuse('start', `the converter could not be started (${fault})`, { fault });
      return undefined;
    });
  }

  /** @param {ConvertRequest} request */
  async function convert({ files, options }) {
    try {
      importScripts('../wasm_exec.js');
      const module = await load();
      if (!module) return;
      const reader = new FileReaderSync();
      const read = (/** @type {number} */ i) => new Uint8Array(reader.readAsArrayBuffer(files[i].file));
      scope.tweedie = { send, read, convert: () => {} };
      const go = new Go();
      go.exit = () => refuse('stopped', 'the converter stopped: the checkpoint may be too large for this device');
      const instance = await WebAssembly.instantiate(module, go.importObject);
      go.run(instance).catch(died);
      scope.tweedie.convert(files.map(({ path }) => path), files.map(({ file }) => file.size), options);
    } catch (error) {
      died(error);
    }
    // The program answers before it comes back, whatever happens.
    refuse('answerless', 'the converter stopped without an answer');
  }

  /** @param {unknown} error */
  function died(error) {
    const fault = reason(error);
    refuse('died', `the converter stopped because of a fault (${fault})`, { fault });
  }

  scope.onmessage = (/** @type {MessageEvent<ConvertRequest>} */ { data }) => {
    if (data?.type === 'convert') void convert(data);
  };
})();
