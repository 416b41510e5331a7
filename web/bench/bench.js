// Entry of bench.html, the benchmark page: runs worker.js and shows what it
// found. The query may name other weights: ?weights=…&rounds=…; tools/bench adds
// ?config=…&ort=…&model=… for the comparison with onnxruntime-web. With ?plane=10000
// it measures the lab's stage with that many points instead, for ?seconds=5, with ?lab=RECIPE
// how fast the lab learns that, and draws by &drawn=RECIPE, and with ?pool=RECIPE one worker beside two. With
// ?guided=RECIPE&plan=… it draws that with onnxruntime-web as well.

import { address } from '../load/files.js';

const ask = new URLSearchParams(location.search);
const here = (/** @type {string} */ path) => new URL(path, location.href).href;
const beside = (/** @type {string} */ path) => new URL(path, import.meta.url).href;
const get = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} id @param {(string | number)[][]} rows */
function fill(id, rows) {
  const body = /** @type {HTMLTableSectionElement} */ (get(id).querySelector('tbody'));
  for (const [name, ...cells] of rows) {
    const row = body.insertRow();
    const head = document.createElement('th');
    head.scope = 'row';
    head.textContent = String(name);
    row.append(head);
    for (const cell of cells) row.insertCell().textContent = typeof cell === 'number' ? cell.toFixed(2) : cell;
  }
}

/** @param {import('./core.js').Result} r */
function show(r) {
  fill('timings', r.timings.map((t) => [t.name, t.median, t.quartile, t.least]));
  fill('facts', [
    ['Kernels', r.kernels],
    ['Parameters', r.parameters.toLocaleString()],
    ['Multiply-adds of one pass', r.multiplyAdds.toLocaleString()],
    ['Weights read and transformed in', `${r.loadMs.toFixed(0)} ms`],
    ['Packed weights and buffers', `${(r.bytes / 1e6).toFixed(1)} MB`],
    ['Memory of the program', `${(r.memory / 1e6).toFixed(1)} MB`],
    ['Multiply-adds on registers alone', `${r.peak.toFixed(1)} GFLOP/s`],
  ]);
  const parts = r.parts.filter((p) => p.ms > 0).sort((a, b) => b.ms - a.ms);
  fill('parts', parts.map((p) => [p.name, p.ms, p.multiplyAdds ? (2e-6 * p.multiplyAdds) / p.ms : '']));
  fill('micro', r.micro.map((p) => [p.name, p.ms * 1000, p.multiplyAdds ? (2e-6 * p.multiplyAdds) / p.ms : '']));
  get('state').textContent = navigator.userAgent;
  get('result').hidden = false;
}

/** @param {{error?: string, result?: import('./core.js').Result, rates?: import('./plane.js').Rate[], pool?: import('./pool.js').Pool & {peers?: import('./guided.js').PeerTimes[]}, lab?: import('./lab.js').Lab}} answer */
function done(answer) {
  if (answer.result) show(answer.result);
  else if (answer.rates) showRates(answer.rates);
  else if (answer.pool) showPool(answer.pool);
  else if (answer.lab) showLab(answer.lab);
  else get('state').textContent = `The benchmark failed: ${answer.error}`;
  document.documentElement.dataset.result = JSON.stringify(answer);
}

/** @param {import('./plane.js').Rate[]} rates */
function showRates(rates) {
  fill('rates', rates.map(({ name, frames, busy }) => [name, frames, busy]));
  get('state').textContent = navigator.userAgent;
}

/** The median. @param {number[]} x */
const middle = (x) => [...x].sort((a, b) => a - b)[x.length >> 1];

/** @param {import('./pool.js').Pool & {peers?: import('./guided.js').PeerTimes[]}} pool */
function showPool({ one, two, peers = [] }) {
  fill('workers', [['One worker, milliseconds', middle(one)], ['Two workers, milliseconds', middle(two)], ['Times as fast', middle(one.map((ms, i) => ms / two[i]))]]);
  fill('workers', peers.map(({ threads, ms }) => [`onnxruntime-web, threads: ${threads}; milliseconds`, middle(ms)]));
  get('state').textContent = navigator.userAgent;
}

/** @param {import('./lab.js').Lab} lab */
function showLab({ rates, learned, drawing }) {
  fill('speeds', [['Training steps a second', middle(rates)], ['Training, seconds', middle(learned)], ['Drawing, seconds', middle(drawing)]]);
  get('state').textContent = navigator.userAgent;
}

/** @param {object} message */
function work(message) {
  const worker = new Worker(beside('worker.js'), { type: 'module' });
  worker.onmessage = (/** @type {MessageEvent} */ event) => done(event.data);
  worker.onerror = () => done({ error: 'its worker could not be started' });
  worker.postMessage(message);
}

function lab() {
  get('title').textContent = 'The lab, measured in this browser';
  get('state').textContent = 'It learns…';
  get('lab').hidden = false;
  const recipe = ask.get('lab') ?? '';
  const number = (/** @type {string} */ key, /** @type {number} */ otherwise) => Number(ask.get(key) ?? otherwise);
  work({ wasm: address('web/lab.wasm'), lab: { recipe, drawn: ask.get('drawn') ?? recipe, reach: number('reach', 1), rounds: number('rounds', 3) } });
}

const url = (/** @type {string} */ key) => (ask.has(key) ? here(/** @type {string} */ (ask.get(key))) : undefined);
const weights = () => url('weights') ?? address('weights/digits.safetensors');

function step() {
  work({
    wasm: beside('../bench.wasm'),
    weights: weights(),
    config: url('config'), ort: url('ort'), model: url('model'),
    rounds: Number(ask.get('rounds') ?? 20),
  });
}

async function plane() {
  get('title').textContent = 'The stage of the lab, measured in this browser';
  get('state').textContent = 'Starting the viewer…';
  get('plane').hidden = false;
  const { measure } = await import('./plane.js');
  return measure(get('stage'), Number(ask.get('plane')), Number(ask.get('seconds') ?? 5));
}

async function pool() {
  get('title').textContent = 'One worker and two, measured in this browser';
  get('state').textContent = 'Drawing…';
  get('pool').hidden = false;
  const { measurePool } = await import('./pool.js');
  return measurePool(weights(), ask.get('pool') ?? '', Number(ask.get('rounds') ?? 5));
}

async function guided() {
  get('title').textContent = 'A guided picture here and with onnxruntime-web, measured in this browser';
  get('state').textContent = 'Drawing…';
  get('pool').hidden = false;
  const { comparable, measureGuided } = await import('./guided.js');
  comparable(window);
  const [ort, model, plan] = [url('ort'), url('model'), url('plan')];
  if (!ort || !model || !plan) throw new Error('it takes ?ort=…&model=…&plan=…, which tools/bench -in guided gives it');
  return measureGuided(beside('worker.js'), {
    weights: weights(), recipe: ask.get('guided') ?? '', rounds: Number(ask.get('rounds') ?? 5),
    ort, model, plan: await (await fetch(plan)).json(),
  });
}

const wrong = (/** @type {Error} */ { message }) => done({ error: message });
if (ask.has('lab')) lab();
else if (ask.has('plane')) plane().then((rates) => done({ rates }), wrong);
else if (ask.has('guided')) guided().then((pool) => done({ pool }), wrong);
else if (ask.has('pool')) pool().then((pool) => done({ pool }), wrong);
else step();
