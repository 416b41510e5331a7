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

const stageText = await answer('web/viewer/frame.html').text();

/** Scripts of workers. What these fetch they ask this page for. @type {Map<string, string>} */
const scripts = new Map();
for (const path of [...carried.keys()].filter((path) => path.endsWith('/worker.js'))) {
  const text = `(${asks})(${JSON.stringify(path)});\n${await answer(path).text()}`;
  scripts.set(path, URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
}

/** Runs in a worker: its fetch asks the page, since a worker of a Blob has no folder. @param {string} script */
function asks(script) {
  /** @type {Map<string, (answer: Response) => void>} */
  const asked = new Map();
  globalThis.fetch = (name) => {
    const { pathname } = new URL(String(name), `file:///${script}`);
    postMessage({ carried: pathname.slice(1) });
    return new Promise((resolve) => asked.set(pathname.slice(1), resolve));
  };
  addEventListener('message', (event) => {
    const { carried, bytes } = event.data ?? {};
    if (!carried) return;
    event.stopImmediatePropagation();
    asked.get(carried)?.(new Response(bytes, { headers: { 'content-type': 'application/wasm' } }));
  });
}

globalThis.Worker = class extends Worker {
  /** @param {string | URL} script @param {WorkerOptions} [options] */
  constructor(script, options) {
    super(scripts.get(pathOf(script)) ?? script, options);
    this.addEventListener('message', async (event) => {
      const { carried } = event.data ?? {};
      if (!carried) return;
      event.stopImmediatePropagation();
      const bytes = await answer(carried).arrayBuffer();
      this.postMessage({ carried, bytes }, [bytes]);
    });
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
for (const link of document.querySelectorAll('a[href^="web/"], a[href^="../"], a[href^="embed-builder"]')) {
  if (link.closest('h1')) link.removeAttribute('href'); // the name of the page stays
  else link.toggleAttribute('hidden', true);
}

const { recipe, query } = document.documentElement.dataset;
if (recipe && location.hash.length < 2) {
  const search = location.search || (query ? `?${query}` : '');
  history.replaceState(history.state, '', `${location.pathname}${search}#${recipe}`);
}
