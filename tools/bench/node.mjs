// The benchmark in Node: node node.mjs '{"dist": …, "weights": …, "config": …, "rounds": …, "ort": …, "model": …}'
// prints the result as one line of JSON. Paths are absolute. With "lab": true it measures the lab
// as web/bench/lab.js does.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { measure, onnxruntime, start } from '../../web/bench/core.js';
import { measureLab } from '../../web/bench/lab.js';

const ask = JSON.parse(process.argv[2]);
const { files } = JSON.parse(await readFile(`${ask.dist}/files.json`, 'utf8'));
/** Where the built page has a file. */
const built = (name) => `${ask.dist}/${files.find((file) => file.name === name).path}`;
await import(pathToFileURL(built('web/wasm_exec.js')).href);
const bytes = async (file) => new Uint8Array(await readFile(file));
if (ask.lab) {
  console.log(JSON.stringify(await measureLab(await bytes(built('web/lab.wasm')), ask)));
  process.exit(0);
}
const peers = [];
if (ask.ort) {
  const ort = await import(pathToFileURL(`${ask.ort}/ort.node.min.mjs`).href);
  peers.push(await onnxruntime(ort, await bytes(ask.model)));
}
const config = ask.config ? await readFile(ask.config, 'utf8') : '';
const started = await start(await bytes(built('web/bench.wasm')));
console.log(JSON.stringify(await measure(started, config, await bytes(ask.weights), ask.rounds, peers)));
process.exit(0);
