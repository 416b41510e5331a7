// Entry of the sampler's Web Worker.
/// <reference lib="webworker" />
/**
 * Starts the sampler inside a Web Worker and passes messages on. It decides
 * nothing about them: wasm/protocol does.
 *
 * On its own the script fetches worker.wasm, or worker-scalar.wasm where the
 * browser has no WebAssembly SIMD, from the folder above its own. A worker named
 * 'given' waits for {type: 'sampler', module} or {type: 'sampler', bytes}
 * instead: a page that has the compiled program already, since it starts a
 * second worker or carries everything in one file, hands it over that way.
 *
 * A page that says {type: 'ahead', most} is not sent more pictures than it has
 * taken and that many: it says how many it took with {type: 'took', pictures}.
 * The sampler waits for it, since pictures that nobody looks at yet would pile up.
 *
 * A failure because the sampler itself is gone says so with `gone`.
 *
 * Beside the messages of wasm/protocol the page gets {type: 'compiled', module},
 * with which it can start another worker without compiling again.
 */
'use strict';

(() => {
  /**
   * @typedef {{type: string, id?: number, [key: string]: unknown}} Message
   * @typedef {object} Bridge What worker.js and the Go program leave for each other.
   * @property {(message: Message, transfer: Transferable[]) => void} send to the page
   * @property {(message: unknown) => void} receive set by the Go program, takes the page's messages
   */
  const scope = /** @type {DedicatedWorkerGlobalScope & {tweedie: Bridge}} */ (/** @type {unknown} */ (self));

  /** A module of one function that makes a vector of a number: () => i32x4.splat(0). */
  const simdProbe = new Uint8Array([
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic number, version
    0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, // types: [] -> [v128]
    0x03, 0x02, 0x01, 0x00, // functions: one, of type 0
    0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x11, 0x0b, // code: i32.const 0, i32x4.splat
  ]);

  /** Types of messages that ask for an end. */
  const first = new Set(['describe', 'run', 'combine', 'bound']);
  /** Types of messages after which their request is over. */
  const last = new Set(['recipe', 'done', 'part', 'cancelled', 'failed']);

  /** @type {Set<number>} ids of the requests that are not over */
  const unfinished = new Set();
  /** @type {unknown[]} messages that came before the sampler was there */
  const early = [];
  /** @type {(() => number) | undefined} does one unit of work; 0 when there is no more */
  let advance;
  /** Why the sampler is gone, or empty. */
  let fault = '';
  /** Whether a turn of the loop is under way. */
  let turning = false;
  /** Pictures that were sent and not taken yet, and how many those may be. */
  let ahead = 0;
  let most = Infinity;

  /** @param {Message} message @param {Transferable[]} [transfer] */
  function send(message, transfer = []) {
    if (message.id !== undefined && last.has(message.type)) unfinished.delete(message.id);
    if (message.type === 'step') ahead++;
    scope.postMessage(message, transfer);
  }

  /**
   * Ends every request, now and from now on, with one sentence. A sampler that
   * was there and is gone is also an error of the worker, so that the page can
   * start another.
   * @param {string} sentence
   */
  function stop(sentence) {
    if (fault) return;
    fault = sentence;
    for (const id of unfinished) send({ type: 'failed', id, message: fault, gone: true });
    send({ type: 'failed', message: fault });
    for (const message of early.splice(0)) deliver(message);
    if (advance) scope.reportError(new Error(fault));
  }

  /** @param {unknown} error */
  function reason(error) {
    return error instanceof Error ? error.message : String(error);
  }

  /** Hands one message of the page to the sampler. @param {any} message */
  function deliver(message) {
    const asks = first.has(message?.type);
    if (fault) {
      if (asks) send({ type: 'failed', id: message.id, message: fault, gone: true });
      return;
    }
    if (!advance) {
      early.push(message);
      return;
    }
    if (asks && Number.isSafeInteger(message.id)) unfinished.add(message.id);
    if (message?.type === 'run' || message?.type === 'forward') ahead = 0;
    guarded(() => scope.tweedie.receive(message));
    if (!turning) next();
  }

  /** Calls into the Go program. A fault there that Go could not catch ends it. @param {() => unknown} call */
  function guarded(call) {
    try {
      return call();
    } catch (error) {
      stop(`The sampler stopped because of a fault (${reason(error)}). Try again, or reload the page.`);
      return undefined;
    }
  }

  // A message to itself is the shortest way to let the page's messages in
  // between two units of work: setTimeout waits 4 ms.
  const turn = new MessageChannel();
  turn.port1.onmessage = () => {
    turning = false;
    if (advance && !fault && ahead < most && guarded(advance)) next();
  };
  function next() {
    turning = true;
    turn.port2.postMessage(0);
  }

  /** What the page says of the pictures that it takes; false for any other message. @param {any} message */
  function paced(message) {
    if (message?.type === 'ahead') most = Number(message.most) || Infinity;
    else if (message?.type === 'took') ahead = Math.max(0, ahead - message.pictures);
    else return false;
    if (!turning && advance && !fault) next();
    return true;
  }

  /** Fetches and compiles one program. @param {string} name */
  async function load(name) {
    const failed = `The sampler (${name.replace('../', '')}) could not be loaded: `;
    const response = await fetch(new URL(name, scope.location.href)).catch((error) => {
      throw new Error(`${failed}${reason(error)}.`);
    });
    if (!response.ok) throw new Error(`${failed}the server answered ${response.status}.`);
    const streams = response.headers.get('Content-Type')?.startsWith('application/wasm');
    try {
      // A host that calls the file something else costs a moment, not the visit.
      return streams
        ? await WebAssembly.compileStreaming(response)
        : await WebAssembly.compile(await response.arrayBuffer());
    } catch (error) {
      throw new Error(`${failed}the browser cannot compile it (${reason(error)}).`);
    }
  }

  /** Runs the compiled sampler. @param {WebAssembly.Module} module */
  async function run(module) {
    const go = new Go();
    go.exit = (code) => stop(`The sampler stopped (exit code ${code}). Try again, or reload the page.`);
    const instance = await WebAssembly.instantiate(module, go.importObject);
    go.run(instance).catch((error) => guarded(() => { throw error; }));
    if (fault) return;
    advance = /** @type {() => number} */ (instance.exports.advance);
    for (const message of early.splice(0)) deliver(message);
  }

  /** Go's loader. A page that carries everything in one file has it in this script already. */
  function prepare() {
    if (typeof Go === 'undefined') importScripts('../wasm_exec.js');
  }

  /** Starts with what the page gave, or with what is fetched. @param {{module?: WebAssembly.Module, bytes?: BufferSource}} given */
  async function start({ module, bytes }) {
    try {
      prepare();
      if (!module && bytes) module = await WebAssembly.compile(bytes);
      if (!module) {
        module = await load(WebAssembly.validate(simdProbe) ? '../worker.wasm' : '../worker-scalar.wasm');
        send({ type: 'compiled', module });
      }
      await run(module);
    } catch (error) {
      const sentence = reason(error);
      stop(sentence.startsWith('The sampler') ? sentence : `The sampler could not be started: ${sentence}.`);
    }
  }

  scope.tweedie = { send, receive: () => {} };
  let waits = scope.name === 'given';
  scope.onmessage = ({ data }) => {
    if (paced(data)) return;
    if (data?.type !== 'sampler') {
      deliver(data);
    } else if (waits) {
      waits = false;
      void start(data);
    }
  };
  if (waits) {
    try {
      prepare(); // while the program is on its way
    } catch {
      // start tries again, and says what is wrong.
    }
  } else {
    void start({});
  }
})();
