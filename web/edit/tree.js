// The panel of the tree of runs: from a step of the run on the stage another branch
// goes on, and every branch has a small picture of its end. The tree is in the
// address (branches.js) and kept nowhere: its pictures are drawn again (ends.js).

/** @import { Host, Panel } from './extras.js' */
/** @import { Key } from '../text/i18n.js' */
/** @import { Described } from '../types.js' */
import { Refusal } from '../engine/crew.js';
import { recipeText, valueOf } from '../engine/fields.js';
import { asked, note } from '../document/address.js';
import { element } from '../document/elements.js';
import { wanted } from '../document/fragment.js';
import { isRunning } from '../document/state.js';
import { knobs, nameOf, option, textOf, valuesOf } from '../run/knobs.js';
import { rgba } from '../stage/colours.js';
import { learn, say, seconds, text } from '../text/i18n.js';
import { explain, sentences } from '../text/refusal.js';
import { en, zh } from '../text/tree.js';
import { Dabs } from './dabs.js';
import { Ends } from './ends.js';
import { countSpots } from './spots.js';
import { branch, branchOf, depthOf, isOf, lastOf, most, parentOf, read, tree, unforked, write } from './branches.js';

learn(en, zh);

/** What a fork can change here, with its name and what it does. @type {Record<string, [Key, Key]>} */
const changes = {
  c: ['controls.class', 'tree.hint.c'],
  k: ['controls.sampler', 'tree.hint.k'],
  g: ['controls.guidance', 'tree.hint.g'],
  fresh: ['tree.fresh', 'tree.hint.fresh'],
  paint: ['tree.paint', 'tree.hint.paint'],
  s: ['tree.draws', 'tree.hint.s'],
  steps: ['controls.steps', 'tree.hint.steps'],
};
/** What the arrow keys do. */
const ways = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End'];

/** @template {keyof HTMLElementTagNameMap} T @param {T} name @param {string} [className] @param {(Node | string)[]} inside */
function made(name, className = '', ...inside) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...inside);
  return element;
}

/** @param {'solid' | 'pill'} kind @param {Key} [label] */
function button(kind, label) {
  const button = made('button', 'button');
  button.classList.add(kind);
  button.type = 'button';
  if (label) say(button, label);
  return button;
}

/** A control with its label above. @param {string} id @param {Key} name @param {(HTMLInputElement | HTMLSelectElement)[]} controls */
function field(id, name, ...controls) {
  const label = made('label');
  label.htmlFor = id;
  say(label, name);
  controls[0].id = id;
  for (const other of controls.slice(1)) say(other, name, {}, 'aria-label');
  return made('div', 'field', label, ...controls);
}

function dice() {
  return String(crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000);
}

/** @implements {Panel} */
class Tree {
  /** The recipe without forks that the tree is of, '' before there is one. */
  #root = '';
  /** All branches in the order of the tree, '' first. */
  #branches = [''];
  /** The branch on the stage. */
  #at = '';
  /** The branch that was taken away while it is still on the stage, '' otherwise. */
  #pruned = '';
  /** What was written into the address last. */
  #noted = '';
  /** Whether the address stays as it is: it is read, or has more branches than a tree can have. */
  #kept = false;
  /** @type {Described['fields']} */
  #fields = {};
  /** What is offered was chosen for a model. */
  #model = '';
  /** By branch. @type {Map<string, {show: HTMLButtonElement, canvas: HTMLCanvasElement}>} */
  #shown = new Map();
  details = /** @type {HTMLDetailsElement} */ (element('tree'));
  body = /** @type {HTMLElement} */ (this.details.querySelector('.inside'));
  step = made('input');
  what = made('select');
  choice = made('select');
  number = made('input');
  dabs;
  ends;
  go = button('solid', 'tree.fork');
  hint = made('p', 'hint');
  error = made('p', 'error');
  list = made('ul', 'branches');
  draw = button('pill');
  said = made('p', 'hint');

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    this.dabs = new Dabs(host.stage);
    this.ends = new Ends(host, {
      tree: () => ({ root: this.#root, branches: this.#branches, seen: this.details.open }),
      recipe: (fork) => this.#recipe(fork),
      drawn: (fork) => this.#showEnd(fork),
      waiting: (time) => {
        this.draw.hidden = time === 0;
        if (time > 0) say(this.draw, 'tree.draw', { time: () => seconds(time) });
      },
    });
    this.#build();
    addEventListener('popstate', () => this.#arrive());
    this.details.addEventListener('toggle', () => {
      this.#note();
      if (this.details.open) void this.ends.draw();
      else this.ends.letGo();
    });
    this.#sync();
  }

  /** @param {Described} described */
  fill({ fields }) {
    this.#fields = fields;
    this.#sync();
  }

  moved() {
    if (this.ends.busy && isRunning()) this.ends.letGo();
    this.#sync();
  }

  ended() {
    this.#sync();
    const { film } = this.host.stage;
    const [first] = film.live;
    const { width, height, channels } = film.shape;
    if (first && film.complete && !film.noised) this.ends.take(this.#at, { xt: first.xt.slice(), width, height, channels });
    void this.ends.draw();
  }

  #build() {
    Object.assign(this.step, { type: 'number', min: '0', step: '1', inputMode: 'numeric', autocomplete: 'off' });
    Object.assign(this.number, { type: 'number', min: '0', step: 'any', inputMode: 'decimal', autocomplete: 'off' });
    this.what.append(...Object.entries(changes).map(([key, [name]]) => option(key, name)));
    const form = made('div', 'form', field('tree-step', 'tree.step', this.step), field('tree-what', 'tree.what', this.what), field('tree-value', 'tree.value', this.choice, this.number), this.dabs.box, this.go);
    this.error.id = 'error-fork'; // where a refused recipe is explained, too
    this.error.hidden = true;
    this.error.setAttribute('role', 'alert');
    this.said.setAttribute('role', 'status');
    this.hint.id = 'tree-hint';
    for (const control of [this.choice, this.number]) control.setAttribute('aria-describedby', 'tree-hint');
    this.draw.hidden = true;
    const about = made('p', 'hint');
    say(about, 'tree.hint');
    say(this.list, 'tree.list', {}, 'aria-label');
    const errors = made('div', '', this.error);
    this.body.replaceChildren(form, this.hint, errors, this.list, this.draw, this.said, about);
    this.step.addEventListener('change', () => this.#seek());
    this.what.addEventListener('change', () => this.#offer());
    this.go.addEventListener('click', () => this.go.getAttribute('aria-disabled') === 'true' || void this.#fork());
    this.draw.addEventListener('click', () => {
      this.ends.patient = true;
      void this.ends.draw();
    });
    this.list.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Shows what is on the stage. */
  #sync() {
    const recipe = this.host.recipe();
    if (!recipe) return;
    const root = unforked(recipe);
    const at = branchOf(recipe);
    if (this.#pruned && root === this.#root && isOf(at, this.#pruned)) return;
    this.#pruned = '';
    this.#at = at;
    if (root !== this.#root) {
      const own = history.state?.tree === root;
      const stale = this.#root !== '' && !own && (asked('tree') ?? '') === this.#noted; // of the recipe before
      this.#root = root;
      this.#branches = [''];
      this.ends.patient = this.#kept = false;
      if (!stale) void this.#read();
      void this.ends.draw();
    }
    if (this.#model !== this.host.model()?.model) {
      this.#model = this.host.model()?.model ?? '';
      this.#offer();
    }
    if (this.#settled) this.#grow(this.#at);
    this.#note();
    this.#showStep();
  }

  /** Whether the address is that of the run on the stage: one may be on its way to the other. */
  get #settled() {
    return wanted(location.hash) === wanted(`#${this.host.recipe()}`);
  }

  /** The address is another. */
  #arrive() {
    const wished = asked('tree');
    const here = unforked(wanted(location.hash)) === this.#root; // or it is read once that run is on the stage
    if (wished !== null && wished !== this.#noted && this.#root && here) void this.#read();
  }

  /** Takes the branches of the address, as far as they can be made. */
  async #read() {
    const root = this.#root;
    const wished = asked('tree') ?? '';
    const forks = read(wished);
    this.#noted = wished;
    this.#kept = true;
    this.#branches = tree(this.#settled ? [this.#at] : []);
    this.#showList();
    if (!forks) return this.#complain('tree.many', { most });
    /** @type {string[]} */
    const bad = [];
    /** @type {string[]} */
    const good = [];
    for (const fork of forks) {
      const made = await this.#made(root, fork).catch(() => undefined);
      if (root !== this.#root || wished !== (asked('tree') ?? '')) return;
      if (made === undefined) bad.push(text('tree.quoted', { branch: fork.slice(0, 40) }));
      else good.push(made);
    }
    this.#branches = tree([...good, ...this.#branches]); // in the order that they were written in
    if (bad.length > 0) this.#complain('tree.bad', { branches: bad.join(text('tree.and')) });
    this.#showList();
    this.#kept = false;
    this.#note();
    void this.ends.draw();
  }

  /** A branch as the worker writes it; a refusal where it cannot be made. @param {string} root @param {string} fork */
  async #made(root, fork) {
    const { engine } = this.host;
    const described = await engine.describe(root, {}, { set: { fork } });
    await engine.plot(described.recipe, {}); // which knows where each fork goes on
    return branchOf(described.recipe);
  }

  /** @param {Key} key @param {import('../text/i18n.js').Values} [values] */
  #complain(key, values = {}) {
    this.error.hidden = false;
    say(this.error, key, values);
  }

  /** Adds a branch with those that it comes from. @param {string} fork */
  #grow(fork) {
    const all = tree([...this.#branches, fork]);
    if (all.length === this.#branches.length && this.#shown.size === all.length) return this.#mark();
    this.#branches = all;
    say(this.said, '');
    this.#showList();
    this.#note();
    void this.ends.draw();
  }

  /** Writes the tree into the address. */
  #note() {
    if (!this.#root || this.#kept || !this.#settled) return; // it is still to be read, stays, or is of another run
    this.#noted = write(this.#branches);
    note({ tree: this.details.open ? this.#noted : null });
    // An entry of the history that one comes back to has the tree of its own run.
    if (this.details.open && history.state?.tree !== this.#root) history.replaceState({ ...history.state, tree: this.#root }, '');
  }

  /** The step of the stage, and whether the run can be forked there. */
  #showStep() {
    const { current, shape } = this.host.stage.film;
    const two = valueOf(this.#fields, 'image') !== '' || this.#fields.aug !== undefined;
    const end = current >= shape.steps;
    if (document.activeElement !== this.step) this.step.value = String(current);
    this.step.max = String(shape.steps - 1);
    this.go.setAttribute('aria-disabled', String(two || end || current === 0));
    const about = changes[this.what.value][1];
    if (this.what.value === 'paint') this.dabs.show();
    say(this.hint, two ? 'tree.two' : end ? 'tree.end' : about);
  }

  #seek() {
    const { steps } = this.host.stage.film.shape;
    this.host.seek(Math.max(1, Math.min(steps, Math.round(Number(this.step.value)) || 1)));
    this.step.value = String(this.host.stage.film.current);
    this.#showStep();
  }

  /** Offers values of what is to change. */
  #offer() {
    const key = this.what.value;
    const menu = key === 'c' || key === 'k';
    const paint = key === 'paint';
    this.dabs.box.hidden = !paint;
    this.choice.parentElement?.toggleAttribute('hidden', paint);
    this.choice.hidden = !menu;
    this.number.hidden = menu;
    const label = this.choice.parentElement?.querySelector('label');
    if (label) label.htmlFor = (menu ? this.choice : this.number).id = 'tree-value';
    (menu ? this.number : this.choice).removeAttribute('id');
    const model = this.host.model();
    if (menu) {
      const options = valuesOf(key, model, []);
      this.choice.replaceChildren(...options);
      const now = valueOf(this.#fields, key);
      this.choice.value = options.find(({ value, disabled }) => value !== now && value !== 'none' && !disabled)?.value ?? '';
    } else {
      const { min = 0, max } = this.#fields[key] ?? {};
      Object.assign(this.number, { min: String(min), max: key in this.#fields && key !== 's' ? String(max) : '', step: key === 'g' ? 'any' : '1' });
      const now = Number(valueOf(this.#fields, key));
      this.number.value = key === 'g' ? String(Math.min(100, now > 0 ? now * 3 : 2)) : key === 'steps' ? String(Math.min(now * 2, max ?? now)) : dice();
    }
    this.#showStep();
  }

  /** A branch goes on from the step on the stage. */
  async #fork() {
    const root = this.#root;
    this.error.hidden = true;
    say(this.error, '');
    const key = this.what.value;
    const value = key === 'paint' ? this.dabs.value : (this.choice.hidden ? this.number : this.choice).value.trim();
    if (key === 'paint' && value === '') return this.#complain('tree.unpainted');
    const wished = branch(this.#at, this.host.stage.film.current, `${key}:${value}`);
    try {
      const fork = await this.#made(root, wished);
      if (root !== this.#root) return;
      if (lastOf(fork).changes.length === 0) return this.#complain('tree.same');
      if (!read(write(tree([...this.#branches, fork])))) return this.#complain('tree.grown', { most });
      if (key === 'fresh' || key === 's') this.number.value = dice();
      this.dabs.empty();
      this.#pruned = '';
      this.#kept = false;
      this.#grow(fork);
      this.#open(fork);
    } catch (error) {
      if (!(error instanceof Refusal) || root !== this.#root) return;
      await sentences();
      this.error.hidden = false;
      explain(this.error, error, () => text(changes[key][0]));
    }
  }

  /** The recipe of a branch. @param {string} fork */
  #recipe(fork) {
    return fork === '' ? this.#root : `${this.#root}&${recipeText([['fork', fork]])}`;
  }

  /** Puts a branch on the stage. @param {string} fork */
  #open(fork) {
    if (fork !== this.#at) this.host.open(this.#recipe(fork));
  }

  /** What a branch is called. @param {string} fork */
  #name(fork) {
    if (fork === '') return text('tree.root');
    const { step, changes: made } = lastOf(fork);
    const model = this.host.model();
    const named = made.map(([key, value]) => {
      if (key === 'fresh') return text('tree.seeded', { what: () => text('tree.fresh'), seed: value });
      if (key === 'paint') return text('tree.painted', { n: countSpots(value) });
      if (key === 's') return text('tree.seeded', { what: () => text('tree.draws'), seed: value });
      return key in knobs ? textOf(nameOf(key, value, model, (title) => title)) : text('tree.change', { key, value });
    });
    return text('tree.node', { step, changes: named.join(', ') || text('tree.unchanged') });
  }

  /** Draws the list of the branches again; who was in it stays where they were. */
  #showList() {
    const focused = [...this.#shown].find(([, { show }]) => show === document.activeElement)?.[0];
    this.#shown.clear();
    this.list.replaceChildren(...this.#branches.map((fork, at) => this.#item(fork, at - this.#branches.indexOf(parentOf(fork)))));
    this.#mark();
    if (focused !== undefined) this.#shown.get(focused)?.show.focus();
  }

  /** @param {string} fork @param {number} rows that it lies below the one that it comes from */
  #item(fork, rows) {
    const item = made('li');
    item.style.setProperty('--rows', String(rows));
    item.style.setProperty('--depth', String(depthOf(fork)));
    const show = made('button', 'branch');
    show.type = 'button';
    const canvas = made('canvas');
    const { width, height } = this.host.stage.film.shape;
    Object.assign(canvas, { width, height });
    canvas.setAttribute('aria-hidden', 'true');
    const name = () => this.#name(fork);
    const label = made('span');
    say(label, 'tree.name', { name });
    show.append(canvas, label);
    show.addEventListener('click', () => this.#open(fork));
    const compare = button('pill', 'tree.compare');
    say(compare, 'tree.compare.with', { name }, 'aria-label');
    compare.addEventListener('click', () => {
      note({ against: `fork:${fork}`, 'against-h': null });
      this.host.arrive();
    });
    item.append(show, compare);
    if (fork !== '') {
      const prune = button('pill', 'tree.prune');
      say(prune, 'tree.prune.it', { name }, 'aria-label');
      prune.addEventListener('click', () => this.#prune(fork));
      item.append(prune);
    }
    this.#shown.set(fork, { show, canvas });
    this.#showEnd(fork);
    return item;
  }

  /** Marks the branch on the stage. */
  #mark() {
    for (const [fork, { show }] of this.#shown) {
      const here = fork === this.#at;
      show.setAttribute('aria-current', String(here));
      const compare = show.nextElementSibling;
      if (compare instanceof HTMLElement) compare.hidden = here;
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const shown = [...this.#shown.values()].map(({ show }) => show);
    const item = /** @type {Element} */ (event.target).closest('li');
    const from = shown.findIndex((show) => show.parentElement === item);
    const way = ways.indexOf(event.key);
    if (way < 0 || from < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const fork = this.#branches[from];
    const child = this.#branches.findIndex((each) => each !== '' && parentOf(each) === fork);
    const to = [from - 1, from + 1, this.#branches.indexOf(parentOf(fork)), child, 0, shown.length - 1][way];
    shown[to]?.focus();
  }

  /** Takes a branch away, with those that go on from it. @param {string} fork */
  #prune(fork) {
    const name = this.#name(fork);
    const parent = parentOf(fork);
    this.#branches = this.#branches.filter((each) => !isOf(each, fork));
    this.#kept = false;
    const gone = isOf(this.#at, fork);
    if (gone) [this.#at, this.#pruned] = [parent, fork];
    this.#showList();
    this.#note();
    this.#shown.get(parent)?.show.focus();
    say(this.said, 'tree.pruned', { name });
    if (gone) this.host.open(this.#recipe(parent));
  }

  /** Shows the end of a branch, if it is drawn. @param {string} fork */
  #showEnd(fork) {
    const end = this.ends.of(fork);
    const canvas = this.#shown.get(fork)?.canvas;
    if (!end || !canvas) return;
    const { xt, width, height, channels } = end;
    Object.assign(canvas, { width, height });
    canvas.getContext('2d')?.putImageData(rgba(xt, width, height, channels, 'xt'), 0, 0);
  }
}

/** @param {Host} host */
export function panel(host) {
  return new Tree(host);
}
