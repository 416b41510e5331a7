// Entry of the benchmark's worker: a module, because it shares core.js with Node.
import '../wasm_exec.js';
import { measure, onnxruntime, start } from './core.js';
import { Peer } from './ddim.js';
import { measureLab } from './lab.js';

/** @param {string} url */
async function bytes(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {string} url of its module */
async function imported(url) {
  const ort = await import(url);
  ort.env.wasm.wasmPaths = new URL('.', url).href;
  return ort;
}

/** What draws, once this worker was given a peer. @type {{peer: Peer, plan: import('./ddim.js').Plan} | undefined} */
let drawer;

/**
 * Gets onnxruntime-web and its network ready to draw.
 * @param {{ort: string, model: string, threads: number, plan: import('./ddim.js').Plan}} ask
 */
async function prepare(ask) {
  const peer = await Peer.open(await imported(ask.ort), await bytes(ask.model), ask.threads);
  drawer = { peer, plan: ask.plan };
  return peer.takes;
}

/** @param {MessageEvent<{wasm: string, weights: string, config?: string, rounds: number, ort?: string, model?: string, lab?: import('./lab.js').Ask, peer?: Parameters<typeof prepare>[0], draw?: boolean, count?: number}>} event */
onmessage = async ({ data: ask }) => {
  try {
    if (ask.peer) return postMessage({ takes: await prepare(ask.peer) });
    if (drawer) return postMessage({ picture: await drawer.peer.draw(drawer.plan, ask.draw === true, ask.count) });
    if (ask.lab) return postMessage({ lab: await measureLab(await bytes(ask.wasm), ask.lab) });
    const peers = [];
    if (ask.ort && ask.model) peers.push(await onnxruntime(await imported(ask.ort), await bytes(ask.model)));
    const config = ask.config ? new TextDecoder().decode(await bytes(ask.config)) : '';
    postMessage({ result: await measure(await start(await bytes(ask.wasm)), config, await bytes(ask.weights), ask.rounds, peers) });
  } catch (error) {
    postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
};
