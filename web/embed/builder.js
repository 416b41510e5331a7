// Entry of embed-builder.html: writes the tag for an embed from what its form
// says, in the form that a host takes, and shows it at work. The recipe may come
// in the page's own fragment, and stands there afterwards, as on the page itself.
//
// Models and their classes are those of the site, samplers those that the player
// names once it is there.

/** @import { Model, ModelEntry } from '../types.js' */
/** @import { Key } from '../text/i18n.js' */
import { address as addressOf } from '../load/files.js';
import { element } from '../document/elements.js';
import { escaped, tag } from '../document/tag.js';
import { recipeText } from '../engine/fields.js';
import { ofPage, wanted } from '../document/fragment.js';
import { en, zh } from '../text/builder.js';
import { foreign, learn, preferred, say, speak, text } from '../text/i18n.js';

/** @typedef {HTMLElement & {toPNG: (width?: number) => Promise<Blob>}} Sampler */

const form = /** @type {HTMLFormElement} */ (element('form'));
const preview = /** @type {Sampler} */ (element('preview'));
const gauge = element('gauge');
const host = /** @type {HTMLSelectElement} */ (element('host'));
const code = /** @type {HTMLTextAreaElement} */ (element('tag'));
const site = new URL('../../', import.meta.url).href;

/** The attribute of each key of the recipe that has one. @type {Record<string, string>} */
const attributes = { m: 'model', c: 'label', s: 'seed', n: 'n', k: 'sampler', steps: 'steps', g: 'guidance' };
const looks = ['view', 'strip', 'size', 'theme', 'loading', 'controls', 'labels', 'loop'];
/** Those among them that the lab has not. */
const ofPictures = ['view', 'strip', 'labels'];
/** CSS pixels that a frame of each size is wide. @type {Record<string, number>} */
const widths = { s: 320, m: 480, '': 680 };
/** How long a person may pause in typing before the preview starts again. */
const pause = 400;

/** The site's models; the first is what a recipe without one means. @type {ModelEntry[]} */
let models = [];
/** The finished picture of what the form says, as an address. */
let picture = '';

/** @param {string} name */
function field(name) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (form.elements.namedItem(name));
}

/** Whether the lab is to be shown, and not pictures. */
function ofLab() {
  return field('room').value !== '';
}

/** The address of what is shown as a page of its own, without its recipe. */
function home() {
  return ofLab() ? `${site}web/lab.html` : site;
}

/** What the form says of the recipe: keys with their values. */
function recipe() {
  if (ofLab()) return new URLSearchParams(wanted(field('experiment').value.trim()));
  const keys = new URLSearchParams(field('more').value.trim());
  for (const [key, name] of Object.entries(attributes)) {
    const value = field(name).value.trim();
    if (value) keys.set(key, value);
  }
  const word = field('word').value.trim();
  if (word && !element('word-field').hidden) {
    keys.delete('c');
    keys.set('w', word);
  }
  return keys;
}

/** The attributes of the tag, '' for one without a value. */
function chosen() {
  /** @type {Map<string, string>} */
  const all = new Map();
  const keys = recipe();
  if (ofLab()) all.set('lab', '');
  for (const [key, name] of Object.entries(ofLab() ? {} : attributes)) {
    const value = keys.get(key);
    if (value) all.set(name, value);
    keys.delete(key);
  }
  if (keys.size > 0) all.set('recipe', recipeText(keys));
  for (const name of looks) {
    if (ofLab() && ofPictures.includes(name)) continue;
    const control = field(name);
    const ticked = control instanceof HTMLInputElement ? control.checked : undefined;
    if (name === 'strip' && !ticked) all.set(name, 'none');
    else if (name !== 'strip' && (ticked || (ticked === undefined && control.value))) all.set(name, ticked ? '' : control.value);
  }
  return all;
}

/** The player's address. */
function player() {
  const url = new URL(ofLab() ? 'web/lab-player.html' : 'web/player.html', site);
  for (const [name, value] of chosen()) {
    if (name === 'view') url.searchParams.set('views', value);
    else if (name === 'strip' || name === 'theme') url.searchParams.set(name, value);
    else if (name === 'labels' || name === 'loop') url.searchParams.set(name, 'on');
    else if (name === 'loading' && value === 'click') url.searchParams.set('start', 'off');
  }
  url.hash = recipeText(recipe());
  return url.href;
}

/** What the picture shows, in words. */
function alt() {
  const own = field('alt').value.trim();
  if (ofLab()) return own || text('builder.alt.lab');
  const subject = recipe().get('w') ?? recipe().get('c');
  return own || (subject && subject !== 'all' ? text('builder.alt.of', { subject: foreign(subject) }) : text('builder.alt.none'));
}

/** A frame for those who take no scripts. */
async function frame() {
  const width = widths[field('size').value];
  /** @type {HTMLElement} */ (gauge.parentElement).style.width = `${width}px`;
  for (const name of ['lab', 'view', 'strip', 'labels', 'n', 'label', 'recipe']) copy(name, gauge);
  gauge.setAttribute('controls', ''); // as a frame always has
  await undefined; // the element looks at its attributes once all have changed
  return `<iframe src="${escaped(player())}" title="${escaped(alt())}" width="${width}" height="${gauge.offsetHeight}" style="border:0;max-width:100%" loading="lazy" sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>`;
}

/** Script and element. */
function lines() {
  const ticked = /** @type {HTMLInputElement} */ (field('poster')).checked;
  return tag(`${site}web/embed.js`, chosen(), { picture: ticked ? picture : '', alt: alt() }, { href: `${home()}#${recipeText(recipe())}`, words: text('embed.link') });
}

/** What each host takes, and what is to be done with it. @type {Record<string, [form: () => string | Promise<string>, hint: Key, code?: string]>} */
const forms = {
  html: [lines, 'builder.hint.page'],
  frame: [frame, 'builder.hint.frame'],
  wordpress: [() => `<!-- wp:html -->\n${lines()}\n<!-- /wp:html -->`, 'builder.hint.wordpress'],
  hugo: [lines, 'builder.hint.hugo', '{{< tweedie >}}'],
  jekyll: [lines, 'builder.hint.jekyll', '{% include tweedie.html %}'],
  markdown: [() => `[![${alt().replace(/[[\]\\]/g, '\\$&')}](tweedie.png)](${home()}#${recipeText(recipe())})`, 'builder.hint.markdown'],
  notion: [player, 'builder.hint.notion'],
};

async function write() {
  const { value } = host;
  const [form, hint, how = ''] = forms[value];
  const written = await form();
  if (value !== host.value) return;
  code.value = written;
  say(element('hint'), hint, { code: how });
  const link = /** @type {HTMLAnchorElement} */ (element('picture'));
  link.hidden = picture === '';
  link.href = picture;
  field('alt').setAttribute('placeholder', alt());
  element('home').setAttribute('href', ofLab() ? '../' : `../#${recipeText(recipe())}`);
  element('lab').setAttribute('href', `lab.html#${ofLab() ? recipeText(recipe()) : ''}`);
}

/** Gives an element an attribute as the form has it. @param {string} name @param {HTMLElement} to */
function copy(name, to) {
  const value = chosen().get(name);
  if (value === undefined) to.removeAttribute(name);
  else if (to.getAttribute(name) !== value) to.setAttribute(name, value);
}

/** Shows what the form says. */
function show() {
  const before = preview.outerHTML;
  for (const name of ['lab', ...Object.values(attributes), 'recipe', ...looks]) if (name !== 'loading') copy(name, preview);
  if (preview.outerHTML !== before) element('error').hidden = true;
  const address = `${location.pathname}${ofLab() ? '?lab' : ''}#${recipeText(recipe())}`;
  if (location.pathname + location.search + location.hash !== address) history.replaceState(null, '', address);
}

/** Offers the classes of the model that is chosen. */
function offerClasses() {
  const { classes = [] } = models.find(({ name }) => name === field('model').value) ?? models[0] ?? {};
  const label = /** @type {HTMLSelectElement} */ (field('label'));
  const { value } = label;
  const options = ['', ...(classes.length > 0 ? ['all'] : []), ...classes].map((name) => new Option(foreign(name), name));
  label.replaceChildren(...options);
  say(options[0], 'controls.class.none');
  if (classes.length > 0) say(options[1], 'controls.class.all');
  label.value = value;
  if (label.selectedIndex < 0) label.value = '';
  element('word-field').hidden = !classes.some((name) => [...name].length === 1 && /\p{L}/u.test(name));
}

/** Offers samplers, those of a group together. @param {Model['samplers']} samplers */
function offerSamplers(samplers) {
  const menu = /** @type {HTMLSelectElement} */ (field('sampler'));
  const { value } = menu;
  const own = new Option('', '');
  say(own, 'builder.own.long');
  /** @type {Map<string, HTMLOptGroupElement>} */
  const groups = new Map();
  for (const { name, title, group } of samplers) {
    const options = groups.get(group) ?? Object.assign(document.createElement('optgroup'), { label: foreign(group) });
    groups.set(group, options);
    options.append(new Option(title || name, name));
  }
  // What a recipe asks for may not be among them: the player says so.
  const other = value && !samplers.some(({ name }) => name === value) ? [new Option(value, value)] : [];
  menu.replaceChildren(own, ...groups.values(), ...other);
  menu.value = value;
}

/** Shows the fields of pictures, or that of the lab. */
function offerRoom() {
  element('of-lab').hidden = !ofLab();
  for (const id of ['of-play', ...ofPictures.map((name) => `${name}-field`)]) element(id).hidden = ofLab();
}

/** Puts a recipe into the form. @param {string} asked */
function take(asked) {
  if (ofLab()) {
    field('experiment').value = wanted(asked);
    return;
  }
  const keys = new URLSearchParams(wanted(ofPage(asked)));
  const taken = (/** @type {string} */ key) => {
    const value = keys.get(key) ?? '';
    keys.delete(key);
    return value;
  };
  for (const [key, name] of Object.entries(attributes)) {
    const value = taken(key);
    const control = field(name);
    if (control instanceof HTMLSelectElement && ![...control.options].some((option) => option.value === value)) control.append(new Option(value, value));
    control.value = key === 'm' && value === models[0]?.name ? '' : key === 'c' && value === 'none' ? '' : value;
    if (key === 'm') offerClasses();
  }
  field('word').value = taken('w');
  field('more').value = String(keys);
}

let timer = 0;

/** @param {Event} event */
function changed(event) {
  const { name = '', value = '' } = /** @type {HTMLInputElement} */ (event.target);
  if (name === 'room') offerRoom();
  if (name === 'model') offerClasses();
  if (name === 'label') field('word').value = '';
  if (name === 'word' && value) field('label').value = '';
  if (!['alt', 'poster', 'loading', 'size', 'theme', 'view', 'strip', 'controls', 'labels', 'loop'].includes(name)) picture = '';
  void write();
  clearTimeout(timer);
  timer = setTimeout(show, event.type === 'change' ? 0 : pause);
}

function listen() {
  form.addEventListener('input', changed);
  form.addEventListener('change', changed);
  form.addEventListener('submit', (event) => event.preventDefault());
  host.addEventListener('change', () => void write());
  addEventListener('hashchange', () => {
    take(location.hash);
    picture = '';
    void write();
    show();
  });
  preview.addEventListener('error', (event) => {
    element('error').textContent = event instanceof CustomEvent ? event.detail.message : '';
    element('error').hidden = false;
  });
  preview.addEventListener('ready', (event) => event instanceof CustomEvent && !ofLab() && offerSamplers(event.detail.samplers));
  preview.addEventListener('done', async () => {
    const blob = await preview.toPNG(1).catch(() => undefined);
    if (!blob) return;
    const bytes = new Uint8Array(await blob.arrayBuffer());
    picture = `data:image/png;base64,${btoa(String.fromCharCode(...bytes))}`;
    void write();
  });
  element('copy').addEventListener('click', async () => {
    code.select();
    try {
      await navigator.clipboard.writeText(code.value);
      say(element('said'), 'builder.copied');
    } catch {
      say(element('said'), 'builder.selected');
    }
  });
}

learn(en, zh);
await speak(preferred());
listen();
offerSamplers([]);
try {
  models = (await (await fetch(addressOf('web/models.json'))).json()).models;
} catch {
  // The names of models can still be written among the further keys.
}
field('model').replaceChildren(...models.map(({ name, title }, i) => new Option(foreign(title), i === 0 ? '' : name)));
if (new URLSearchParams(location.search).has('lab')) field('room').value = 'on';
offerRoom();
take(location.hash.length > 1 ? location.hash : ofLab() ? 'd=moons' : 'c=7&s=3');
void write();
show();
