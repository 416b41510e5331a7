// Entry of the benchmark's worker: a module, because it shares core.js with Node.
import '../wasm_exec.js';
import { measure, onnxruntime, start } from './core.js';
import { measureLab } from './lab.js';

/** @param {string} url */
async function bytes(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** @param {MessageEvent<{wasm: string, weights: string, config?: string, rounds: number, ort?: string, model?: string, lab?: import('./lab.js').Ask}>} event */
onmessage = async ({ data: ask }) => {
  try {
    if (ask.lab) return postMessage({ lab: await measureLab(await bytes(ask.wasm), ask.lab) });
    const peers = [];
    if (ask.ort && ask.model) {
      const ort = await import(ask.ort);
      ort.env.wasm.wasmPaths = new URL('.', ask.ort).href;
      peers.push(await onnxruntime(ort, await bytes(ask.model)));
    }
    const config = ask.config ? new TextDecoder().decode(await bytes(ask.config)) : '';
    postMessage({ result: await measure(await start(await bytes(ask.wasm)), config, await bytes(ask.weights), ask.rounds, peers) });
  } catch (error) {
    postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
};
