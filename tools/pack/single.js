// Runs before the page's own scripts in the single file. What they would ask a
// server for, by fetch, Worker or a frame's address, is in this document: script
// elements of no script type, gzip in base64, named by data-file. Nothing here
// reads a Blob, which WebKit refuses to do from file://.

const carried = new Map(
  [...document.querySelectorAll('script[data-file]')].map((e) => [/** @type {HTMLElement} */ (e).dataset.file ?? '', e]),
);
const folder = new URL('.', document.baseURI.replace(/[?#].*$/s, '')).href;

/** The path inside the page that an address means. @param {unknown} address */
function pathOf(address) {
  const { href } = new URL(String(address), folder);
  return href.startsWith(folder) ? href.slice(folder.length) : '';
}

/** @param {string} base64 */
function decode(base64) {
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The answer that a server would give. @param {string} path */
function answer(path) {
  const element = carried.get(path);
  if (!element) return new Response('', { status: 404 });
  const unpacked = new DecompressionStream('gzip');
  const writer = unpacked.writable.getWriter();
  writer.write(decode(element.textContent ?? '')).then(() => writer.close(), () => {}); // the reader has the error
  const type = path.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream';
  const length = element.getAttribute('data-bytes') ?? '0';
  return new Response(unpacked.readable, { headers: { 'content-type': type, 'content-length': length } });
}

/** @param {RequestInfo | URL} address */
globalThis.fetch = async (address) => answer(pathOf(address instanceof Request ? address.url : address));

const [workerText, stageText] = await Promise.all(['web/engine/worker.js', 'web/viewer/frame.html'].map((path) => answer(path).text()));
const workerAddress = URL.createObjectURL(new Blob([workerText], { type: 'text/javascript' }));

globalThis.Worker = class extends Worker {
  /** @param {string | URL} script @param {WorkerOptions} [options] */
  constructor(script, options) {
    super(pathOf(script) === 'web/engine/worker.js' ? workerAddress : script, options);
  }
};

const address = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'src'));
Object.defineProperty(HTMLIFrameElement.prototype, 'src', {
  ...address,
  /** @this {HTMLIFrameElement} @param {string} url */
  set(url) {
    if (pathOf(url) === 'web/viewer/frame.html') this.srcdoc = stageText;
    else address.set?.call(this, url);
  },
});

// The other pages of the site are not in this file.
for (const link of document.querySelectorAll('a[href^="web/"]')) link.toggleAttribute('hidden', true);

const { recipe, query } = document.documentElement.dataset;
if (recipe && location.hash.length < 2) {
  const search = location.search || (query ? `?${query}` : '');
  history.replaceState(history.state, '', `${location.pathname}${search}#${recipe}`);
}
