// Gives web/engine/worker.js the few things that a browser's worker has and Node does
// not, so that a test can hold a conversation with the real program:
//   node host.cjs '{"dir": …, "name": …, "scalar": …, "status": …, "type": …}'
// Each line of standard input is a message of the page as JSON; `file` is read
// and passed as `bytes`, with `blob` as a Blob, and so is what `base64` holds; `image` and
// `mask` are base64, too; `wasm` is read, compiled
// and passed as `module`, and a `trap` names a field that the program does not
// survive reading. Each line of standard output is a message of the worker, or an error
// that it reports; buffers are in base64.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const vm = require('node:vm');

const { dir, name = '', scalar = false, status = {}, type = {} } = JSON.parse(process.argv[2]);
const read = (file) => fs.readFileSync(path.join(dir, file));

/** A JSON value of a message: bytes become base64, a module its name. */
const plain = (key, value) => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof WebAssembly.Module) return 'module';
  return value;
};

console.log = console.error; // standard output is for messages
globalThis.self = globalThis;
globalThis.name = name;
globalThis.location = { href: 'http://page.test/web/worker.js' };
globalThis.importScripts = (file) => vm.runInThisContext(read(path.posix.basename(file)), { filename: file });
globalThis.fetch = async (url) => {
  const file = path.posix.basename(url.pathname);
  if (status[file] === 0) throw new TypeError('fetch failed');
  if (status[file]) return new Response('', { status: status[file] });
  return new Response(read(file), { headers: { 'Content-Type': type[file] ?? 'application/wasm' } });
};
globalThis.postMessage = (message, transfer) => {
  const arrived = structuredClone(message, { transfer });
  fs.writeSync(1, `${JSON.stringify(arrived, plain)}\n`);
};
// Node takes up to a thousand messages of a port in one turn of its event loop,
// where browsers let others in after each; setImmediate is what does that here.
globalThis.MessageChannel = class {
  port1 = { onmessage: () => {}, postMessage: (data, transfer) => void structuredClone(data, { transfer }), close() {} };
  port2 = { postMessage: (data) => setImmediate(() => this.port1.onmessage({ data })), close() {} };
};
// Node has no way to read a Blob at once, which workers have.
globalThis.Blob = class {
  constructor(bytes) {
    this.bytes = bytes;
    this.size = bytes.length;
  }
  slice(from, to) {
    return new Blob(this.bytes.slice(from, to));
  }
};
globalThis.FileReaderSync = class {
  readAsArrayBuffer(blob) {
    return blob.bytes.buffer;
  }
};
globalThis.reportError = (error) => globalThis.postMessage({ type: 'error', message: error.message });
if (scalar) WebAssembly.validate = () => false;

vm.runInThisContext(read('worker.js'), { filename: 'worker.js' });
readline.createInterface({ input: process.stdin })
  .on('line', (line) => {
    const data = JSON.parse(line);
    if (data?.file) data.bytes = new Uint8Array(fs.readFileSync(data.file));
    if (data?.base64) data.bytes = new Uint8Array(Buffer.from(data.base64, 'base64'));
    if (data?.blob) data.bytes = new Blob(data.bytes);
    for (const key of ['image', 'mask']) if (data?.[key]) data[key] = new Uint8Array(Buffer.from(data[key], 'base64'));
    if (data?.wasm) data.module = new WebAssembly.Module(read(data.wasm));
    if (data?.trap) Object.defineProperty(data, data.trap, { get() { throw new Error('trapped'); } });
    globalThis.onmessage({ data });
  })
  .on('close', () => process.exit(0));
