// Entry of embed-builder.html: writes the tag for an embed from what its form
// says, and shows it at work.

/** @import { ModelEntry } from '../types.js' */
import { address as addressOf } from '../load/files.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('form'));
const preview = /** @type {HTMLElement} */ (document.getElementById('preview'));
const said = /** @type {HTMLElement} */ (document.getElementById('said'));
const wrong = /** @type {HTMLElement} */ (document.getElementById('error'));
const site = new URL('../../', import.meta.url).href;

/** The recipe's key of each attribute that has one. @type {Record<string, string>} */
const keys = { model: 'm', label: 'c', seed: 's', n: 'n', steps: 'steps', sampler: 'k', guidance: 'g' };
/** How long a person may pause in typing before the preview starts again. */
const pause = 500;

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** What the form says, without what is empty; a box that is ticked is ''. */
function chosen() {
  /** @type {Map<string, string>} */
  const all = new Map();
  for (const [name, value] of new FormData(form)) {
    const box = value === 'on';
    if (box || value) all.set(name, box ? '' : String(value).trim());
  }
  return all;
}

/** The player's address. @param {Map<string, string>} all */
function address(all) {
  const url = new URL('web/player.html', site);
  const recipe = new URLSearchParams();
  for (const [name, value] of all) {
    if (keys[name]) recipe.set(keys[name], value);
    else if (name === 'view') url.searchParams.set('views', value);
    else if (name === 'theme') url.searchParams.set(name, value);
    else if (name === 'loop') url.searchParams.set(name, 'on');
  }
  if (all.get('loading') === 'click') url.searchParams.set('start', 'off');
  url.hash = String(recipe);
  return url.href;
}

/** @param {string} id @param {string} text */
function put(id, text) {
  /** @type {HTMLTextAreaElement} */ (document.getElementById(id)).value = text;
}

function write() {
  const all = chosen();
  const attributes = [...all].map(([name, value]) => (value ? ` ${name}="${escaped(value)}"` : ` ${name}`)).join('');
  put('tag', `<script src="${escaped(site)}web/embed.js" async></script>\n<tweedie-sampler${attributes}></tweedie-sampler>`);
  const frame = `<iframe src="${escaped(address(all))}" title="Diffusion sampler" width="640" height="520" style="border:0;max-width:100%" loading="lazy" sandbox="allow-scripts allow-same-origin allow-popups"></iframe>`;
  put('frame', frame);
  put('link', address(all));
}

function show() {
  const all = chosen();
  wrong.hidden = true;
  for (const { name } of /** @type {Iterable<HTMLInputElement>} */ (form.elements)) {
    if (!name || name === 'loading') continue;
    const value = all.get(name);
    if (value === undefined) preview.removeAttribute(name);
    else preview.setAttribute(name, value);
  }
}

let timer = 0;
form.addEventListener('input', () => {
  write();
  clearTimeout(timer);
  timer = setTimeout(show, pause);
});
form.addEventListener('submit', (event) => event.preventDefault());
preview.addEventListener('error', (event) => {
  wrong.textContent = event instanceof CustomEvent ? event.detail.message : '';
  wrong.hidden = false;
});
for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', async () => {
    const text = /** @type {HTMLTextAreaElement} */ (document.getElementById(button.getAttribute('data-copy') ?? ''));
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      said.textContent = 'Copied.';
    } catch {
      said.textContent = 'Selected; copy it with the keys of your system.';
    }
  });
}
write();
show();

// The first model is what an element without the attribute has.
const models = /** @type {HTMLSelectElement} */ (document.getElementById('model'));
/** @type {{models: ModelEntry[]}} */
const list = await (await fetch(addressOf('web/models.json'))).json();
models.replaceChildren(...list.models.map(({ name, title }, i) => new Option(title, i === 0 ? '' : name)));
