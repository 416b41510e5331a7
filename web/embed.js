// Entry of other people's pages.
/**
 * <tweedie-sampler>: a live generation in any page, by one script, module or
 * classic, and one tag. README.md lists attributes, methods and events;
 * player.js what the element and the framed player tell each other.
 *
 *   <script src="https://example.org/tweedie/web/embed.js" async></script>
 *   <tweedie-sampler label="7" seed="3" controls><img src="seven.png" alt="A seven"></tweedie-sampler>
 */
'use strict';

(() => {
  const name = 'tweedie-sampler';
  const home = homeOf();
  const first = /** @type {any} */ (customElements.get(name));
  if (first) {
    // The first stays. Every post of a blog may bring the same one.
    if (first.home !== home) console.warn(`<${name}>: the script of ${first.home ?? 'another version'} is at work, that of ${home} is not used.`);
    return;
  }

  /** How many run at a time, and how many players are kept awake. */
  const mostRunning = 2;
  const mostAwake = 4;
  /** Milliseconds that a player may take to answer once its document is there, and after which it is asked why it does not. */
  const patience = 10_000;
  const doubt = 1000;

  /** The recipe's keys. @type {Record<string, string>} */
  const keys = { model: 'm', label: 'c', seed: 's', n: 'n', sampler: 'k', steps: 'steps', guidance: 'g' };
  const looks = ['lab', 'view', 'strip', 'theme', 'lang', 'controls', 'labels', 'loop', 'loading'];
  const flags = ['lab', 'controls', 'labels', 'loop'];
  const colours = ['accent', 'background', 'text', 'line'];
  const attributes = [...Object.keys(keys), 'recipe', ...looks, 'size', 'poster', 'site'];
  const events = ['ready', 'progress', 'step', 'done', 'error'];

  const words = {
    en: {
      play: 'Watch it being drawn',
      title: 'Diffusion sampler',
      open: 'Watch it on its own page',
      silent: 'The player did not answer: ',
      closed: 'No sampler can start here: the page around is in a sandbox without allow-same-origin.',
      isolated: 'The page around sends Cross-Origin-Embedder-Policy, with which this browser keeps the player out. Drop it, or link to ',
    },
    zh: {
      play: '观看生成过程',
      title: '扩散采样器',
      open: '在单独的页面观看',
      silent: '播放器没有响应：',
      closed: '采样器无法在此启动：外层页面处于没有 allow-same-origin 的沙盒中。',
      isolated: '外层页面发送了 Cross-Origin-Embedder-Policy，此浏览器因此不加载播放器。请去掉它，或链接到 ',
    },
  };

  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  /** Whether frames have to do without credentials, as Cross-Origin-Embedder-Policy wants it. */
  let alone = self.crossOriginIsolated;
  /** What authors have been told. */
  const told = new Set();

  /** Tells the author of the page, once. @param {'warn' | 'error'} how @param {string} message @param {Element} of */
  function tellAuthor(how, message, of) {
    if (told.has(message)) return;
    told.add(message);
    console[how](`<${name}>: ${message}`, of);
  }

  /** Whether the page's policy keeps frames out that do not ask to be let in. @type {Promise<boolean> | undefined} */
  let isolated;
  const isolates = () =>
    (isolated ??= fetch(location.href, { method: 'HEAD' }).then(
      ({ headers }) => /^(require-corp|credentialless)/.test(headers.get('cross-origin-embedder-policy') ?? ''),
      () => false,
    ));

  /** The folder of this script, with a slash at its end. A module has no currentScript. */
  function homeOf() {
    const { currentScript } = document;
    const found =
      (currentScript instanceof HTMLScriptElement && currentScript.src) ||
      /\b(?:https?|file):\/\/[^\s)]*?(?=:\d+(?::\d+)?\)?$)/m.exec(new Error().stack ?? '')?.[0] ||
      document.baseURI;
    return new URL('.', found).href;
  }

  // A constructed sheet is no inline style: no policy refuses it. The room is as
  // high as the player's pictures (at most --side), names, film strip and lines
  // of controls need: see player.css and layout.js.
  const sheet = new CSSStyleSheet();
  const bright = `--ink: var(--tweedie-text, #16191f); --ground: var(--tweedie-background, #fff); --edge: var(--tweedie-line, #dde1e7); --mark: var(--tweedie-accent, #c27800);`;
  sheet.replaceSync(`
    :host { display: block; position: relative; overflow: hidden; contain: content; container-type: inline-size;
      min-inline-size: min(100%, 18rem); box-sizing: border-box; border: 1px solid var(--edge); border-radius: 12px;
      font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--ground);
      --ink: var(--tweedie-text, #f1f3f6); --ground: var(--tweedie-background, #0e1014); --edge: var(--tweedie-line, #0000); --mark: var(--tweedie-accent, #ffc24d); }
    :host([theme=light]) { ${bright} }
    @media (prefers-color-scheme: light) { :host(:not([theme=dark])) { ${bright} } }
    :host([size=s]) { max-inline-size: 320px; }
    :host([size=m]) { max-inline-size: 480px; }
    :host([hidden]) { display: none; }
    .room { --cols: 2; --rows: 1; --side: 240px; --more: 56px;
      padding-bottom: calc(var(--rows) * (clamp(40px, (100% - 4px) / var(--cols) - 20px, max(var(--side), 28%)) + 50px) + var(--more) - 20px); }
    .v1 { --cols: 1; }
    .v3, .v5 { --cols: 3; }
    .v4 { --cols: 4; }
    .v5 { --rows: 2; }
    .many { --side: 320px; }
    .bare { --more: 16px; }
    .lab { --side: 380px; }
    .controls, .labels { margin-bottom: 52px; }
    .controls.labels { margin-bottom: 104px; }
    @container (max-width: 480px) {
      .v3, .v4, .v5 { --cols: 2; --rows: 2; }
      .v5 { --rows: 3; }
    }
    .poster, iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; }
    .poster { display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr); place-items: center; transition: opacity .4s, visibility .4s; }
    .poster > *, slot > *, ::slotted(*) { grid-area: 1 / 1; }
    .poster img, .poster canvas, ::slotted(img), ::slotted(picture), ::slotted(svg) {
      box-sizing: border-box; max-width: 100%; max-height: 100%; width: 100%; height: 100%; padding: 12px; object-fit: contain; image-rendering: pixelated; }
    slot { display: contents; }
    iframe { opacity: 0; transition: opacity .4s; color-scheme: normal; }
    .live ~ .poster { opacity: 0; visibility: hidden; }
    .live ~ iframe { opacity: 1; }
    .front { z-index: 1; display: grid; justify-items: center; gap: 12px; padding: 16px; text-align: center; }
    .name { max-width: 24em; overflow-wrap: anywhere; }
    a { display: grid; align-items: center; min-height: 44px; padding: 0 12px; color: inherit; border-radius: 8px; background: var(--ground); }
    button { display: grid; place-items: center; width: 72px; height: 72px; padding: 0; cursor: pointer;
      border: 1px solid rgb(255 255 255 / 35%); border-radius: 50%; background: rgb(8 9 12 / 72%); color: #fff; }
    button, progress { forced-color-adjust: none; }
    button:hover { background: #000; }
    button:focus-visible, a:focus-visible { outline: 3px solid var(--mark); outline-offset: 3px; }
    button::before { content: ''; margin-left: 6px; border: solid #0000; border-width: 14px 0 14px 23px; border-left-color: #fff; }
    progress { position: absolute; inset: auto 0 0; width: 100%; height: 2px; border: 0; appearance: none; }
    progress, progress::-webkit-progress-bar { background: color-mix(in srgb, var(--mark) 25%, #0000); }
    progress::-webkit-progress-value { background: var(--mark); }
    progress::-moz-progress-bar { background: var(--mark); }
    [hidden] { display: none !important; }
    @media print {
      :host { --ink: #000 !important; --ground: #fff !important; --edge: #999 !important; }
      .poster, iframe { transition: none; }
      .kept ~ .poster { opacity: 1; visibility: visible; }
      .kept ~ iframe, button, progress { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { .poster, iframe { transition: none; } }
  `);

  /** @param {string} tag @param {Record<string, unknown>} [properties] @returns {any} */
  const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

  class Sampler extends HTMLElement {
    static observedAttributes = attributes;
    static home = home;

    #room = make('div', { className: 'room' });
    #poster = make('div', { className: 'poster' });
    #slot = make('slot');
    #front = make('div', { className: 'front' });
    #name = make('span', { className: 'name' });
    #button = make('button', { type: 'button' });
    #link = make('a', { target: '_blank', rel: 'noopener', hidden: true });
    #bar = make('progress', { hidden: true, max: 1 });
    /** The pictures of the last run, if it is not hidden. @type {HTMLCanvasElement} */
    #last = make('canvas', { hidden: true });
    /** @type {HTMLIFrameElement | undefined} */
    #frame;
    /** Whether the player listens; until then messages wait. */
    #there = false;
    /** @type {object[]} */
    #waiting = [];
    #timer = 0;
    #changed = new Set();
    /** Promises of pictures, by number. @type {Map<number, {resolve: (blob: Blob) => void, reject: (error: Error) => void}>} */
    #pictures = new Map();
    #number = 0;
    /** How the player was told to look. */
    #worn = '';
    /** Whether the player waits for its turn; whether it holds a sampler. */
    held = true;
    awake = false;
    /** Whether a run is wanted, is in sight, is over. */
    wanted = false;
    visible = false;
    over = false;
    /** When it was last in sight, and when a person last wanted it to run. */
    seen = 0;
    asked = 0;

    constructor() {
      super();
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [sheet];
      this.#button.part = 'button';
      this.#button.addEventListener('click', () => {
        this.play();
        this.#frame?.focus({ preventScroll: true });
      });
      // A page may still be arriving, and its poster with it.
      this.#slot.addEventListener('slotchange', () => this.#call());
      this.#front.append(this.#name, this.#button, this.#link);
      this.#poster.append(this.#slot, this.#last, this.#front, this.#bar);
      root.append(this.#room, this.#poster);
    }

    connectedCallback() {
      for (const key of attributes) {
        // Set before the element was known, it would hide the property.
        if (!Object.hasOwn(this, key)) continue;
        const value = /** @type {any} */ (this)[key];
        delete /** @type {any} */ (this)[key];
        /** @type {any} */ (this)[key] = value;
      }
      all.add(this);
      watchThemes(this);
      near.observe(this);
      inSight.observe(this);
      this.#look();
      if (this.getAttribute('loading') === 'eager') this.approach();
    }

    /** Moved by moveBefore, it keeps its player. */
    connectedMoveCallback() {}

    disconnectedCallback() {
      all.delete(this);
      near.unobserve(this);
      inSight.unobserve(this);
      this.visible = this.wanted = false;
      this.drop();
      arrange();
    }

    /** @param {string} attribute @param {string | null} before @param {string | null} now */
    attributeChangedCallback(attribute, before, now) {
      if (before === now || !this.isConnected) return;
      if (this.#changed.size === 0) queueMicrotask(() => this.#apply());
      this.#changed.add(attribute);
    }

    /** Attributes that change together are one change. */
    #apply() {
      const changed = this.#changed;
      this.#changed = new Set();
      const other = changed.has('recipe') || Object.keys(keys).some((key) => changed.has(key));
      if (other) this.#last.hidden = true;
      this.#look();
      if (!this.#frame) {
        // What could not be shown may be another now.
        if (other && this.over) this.over = false;
        if (this.visible) this.approach();
        return;
      }
      if (['lab', 'model', 'site'].some((key) => changed.has(key))) {
        this.drop();
        if (this.wanted || this.over) this.play();
        return;
      }
      if (looks.some((look) => changed.has(look))) this.dress();
      if (other) {
        if (this.over) this.wanted = true;
        this.over = false;
        this.#wake();
        this.#post({ type: 'recipe', recipe: this.#recipe() });
        arrange();
      }
    }

    /** Tells the player how it is to look. */
    dress() {
      const options = this.#options();
      this.#worn = JSON.stringify(options);
      this.#post({ type: 'options', options });
    }

    /** Tells it if that has changed: the page around may have another theme now. */
    redress() {
      if (this.#frame && JSON.stringify(this.#options()) !== this.#worn) this.dress();
    }

    /** Whether the player is seen, and no longer the poster. @param {boolean} live */
    #live(live) {
      this.#room.classList.toggle('live', live);
    }

    #look() {
      const words = this.#words;
      const recipe = new URLSearchParams(this.#recipe());
      const subject = recipe.get('w') ?? recipe.get('c') ?? '';
      const lab = this.#flag('lab');
      const views = lab ? 1 : (this.getAttribute('view') || 'xt,x0').split(',').length;
      const classes = {
        ...{ [`v${Math.min(5, views)}`]: true, controls: this.#flag('controls'), labels: this.#flag('labels') },
        ...{ many: Number(recipe.get('n')) > 1 || recipe.get('c') === 'all', bare: this.getAttribute('strip') === 'none' },
        ...{ room: true, lab, live: this.#room.classList.contains('live'), kept: !this.#last.hidden },
      };
      this.#room.className = Object.entries(classes).flatMap(([key, on]) => (on ? key : [])).join(' ');
      // The letters of a word stand in a row, the views of it below each other.
      const letters = [...(recipe.get('w') ?? '')].length;
      for (const [key, value] of [['--cols', letters], ['--rows', letters && views]]) this.#room.style.setProperty(`${key}`, value ? String(value) : '');
      const address = this.getAttribute('poster');
      this.#slot.replaceChildren(...(address ? [make('img', { src: address, alt: '' })] : []));
      this.#slot.hidden = !this.#last.hidden;
      this.#name.textContent = [this.title || words.title, subject].filter(Boolean).join(': ');
      this.#call();
      this.#button.ariaLabel = words.play;
      this.#button.hidden = this.#frame !== undefined || !(this.#asks || this.over) || !this.#link.hidden;
      this.#link.textContent = words.open;
      this.#link.href = new URL(`${lab ? 'lab.html' : '../'}#${recipe}`, this.#home).href;
    }

    /** What stands inside as poster; a link in a slot of its own is for those without scripts. */
    get #given() {
      return this.#slot.assignedElements().length > 0;
    }

    /** The name stands where no picture does. */
    #call() {
      this.#name.hidden = this.#given || !this.#last.hidden || this.getAttribute('poster');
    }

    /** Whether a flag is set; frameworks write "false" for one that is not. @param {string} key */
    #flag(key) {
      return (this.getAttribute(key) ?? 'false') !== 'false';
    }

    get #words() {
      const tag = this.getAttribute('lang') ?? this.closest('[lang]')?.getAttribute('lang') ?? navigator.language;
      return /^zh\b/i.test(tag) ? words.zh : words.en;
    }

    /** Whether it waits for a click. */
    get #asks() {
      return still.matches || this.getAttribute('loading') === 'click';
    }

    get #home() {
      const site = this.getAttribute('site');
      return site ? new URL('web/', new URL(site.replace(/\/?$/, '/'), document.baseURI)).href : home;
    }

    #recipe() {
      const recipe = new URLSearchParams((this.getAttribute('recipe') ?? '').replace(/^#/, ''));
      for (const [attribute, key] of Object.entries(keys)) {
        const value = this.getAttribute(attribute);
        if (value) recipe.set(key, value);
      }
      return String(recipe);
    }

    /** @returns {Record<string, string>} */
    #options() {
      /** @type {Record<string, string>} */
      const options = {};
      for (const look of looks) {
        const value = flags.includes(look) ? this.#flag(look) && 'on' : this.getAttribute(look);
        if (value) options[look === 'view' ? 'views' : look] = value;
      }
      if ((options.theme ?? 'auto') === 'auto') options.theme = dark.matches ? 'dark' : 'light';
      const style = getComputedStyle(this);
      for (const colour of colours) {
        const value = style.getPropertyValue(`--tweedie-${colour}`).trim();
        if (value) options[colour] = value;
      }
      return options;
    }

    /** It has come near: most begin now. */
    approach() {
      if (!this.#asks && !this.#frame && !this.over) this.#begin();
    }

    #create() {
      this.over = false;
      // A sandbox without an origin hands itself down. A file has none either, but lets frames have theirs.
      if (self.origin === 'null' && !/^(file|data):/.test(location.protocol)) return this.#fail(this.#words.closed, 'sandbox');
      const url = new URL(this.#flag('lab') ? 'lab-player.html' : 'player.html', this.#home);
      const options = this.#options();
      this.#worn = JSON.stringify(options);
      url.search = String(new URLSearchParams({ ...options, held: 'on' }));
      if (!this.getAttribute('poster') && !this.#given && this.#last.hidden) url.search += '&first=on';
      url.hash = this.#recipe();
      this.#wake();
      const title = [this.title || this.#words.title, this.getAttribute('label')].filter(Boolean).join(': ');
      const frame = /** @type {HTMLIFrameElement} */ (make('iframe', { title, allow: '', referrerPolicy: 'no-referrer' }));
      frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox');
      if (alone) frame.setAttribute('credentialless', '');
      frame.src = url.href;
      frame.addEventListener('load', () => {
        if (frame !== this.#frame) return;
        this.#there = false;
        this.#send({ type: 'hello' });
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.#doubt(frame, true), doubt);
      });
      this.#frame = frame;
      this.#button.hidden = this.#link.hidden = true;
      this.#bar.hidden = false;
      this.#bar.value = 0;
      this.shadowRoot?.append(frame);
      // Firefox tells of no frame that it keeps out.
      if (!('credentialless' in frame)) this.#timer = setTimeout(() => void this.#doubt(frame), 3 * doubt);
    }

    /** A frame does not answer. @param {HTMLIFrameElement} frame @param {boolean} [loaded] whether it should by now */
    async #doubt(frame, loaded) {
      const page = this.#link.href;
      if (loaded) this.#timer = setTimeout(() => this.#fail(this.#words.silent + frame.src.split('?')[0], 'frame'), patience);
      if (alone || !(await isolates()) || frame !== this.#frame || this.#there) return;
      if (!('credentialless' in frame)) return this.#fail(this.#words.isolated + page, 'policy');
      alone = true;
      const { wanted } = this;
      this.drop();
      if (wanted) this.#begin();
    }

    /** Ends the player; the poster is what stays. */
    drop() {
      clearTimeout(this.#timer);
      this.#frame?.remove();
      this.#frame = undefined;
      this.#there = this.awake = false;
      this.held = true;
      this.#waiting = [];
      this.#live(false);
      this.#bar.hidden = true;
      for (const { reject } of this.#pictures.values()) reject(new Error('the player has ended'));
      this.#pictures.clear();
      this.#look();
    }

    /** @param {boolean} held */
    hold(held) {
      if (held === this.held || !this.#frame) return;
      this.held = held;
      if (!held && !this.over) this.#wake();
      this.#post({ type: 'hold', held });
    }

    /** It is going to need its sampler. */
    #wake() {
      if (!this.awake) makeRoom();
      this.awake = true;
    }

    /** The player gives its sampler back; what it shows stays. */
    sleep() {
      this.awake = false;
      this.#post({ type: 'sleep' });
    }

    /** @param {object} message */
    #post(message) {
      if (this.#there) this.#send(message);
      else this.#waiting.push(message);
    }

    /** @param {object} message */
    #send(message) {
      this.#frame?.contentWindow?.postMessage({ tweedie: 1, ...message }, new URL(this.#home).origin);
    }

    /** @param {MessageEvent} event of any sender */
    hear({ source, origin, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== new URL(this.#home).origin) return;
      if (data?.tweedie !== 1 || typeof data.type !== 'string') return;
      const { type, detail } = data;
      if (type === 'first') this.#live(true);
      if (type === 'here') {
        clearTimeout(this.#timer);
        this.#there = true;
        for (const message of this.#waiting.splice(0)) this.#send(message);
      } else if (type === 'picture') {
        const promise = this.#pictures.get(data.number);
        this.#pictures.delete(data.number);
        if (!promise && data.picture instanceof Blob) void this.#keep(data.picture);
        else if (data.picture instanceof Blob) promise?.resolve(data.picture);
        else promise?.reject(new Error('there is no picture yet'));
      } else if (type === 'state') {
        this.wanted = data.wanted === true;
        if (this.wanted) this.asked = performance.now();
        if (data.another === true) {
          this.over = false;
          this.#wake();
        }
        arrange();
      } else if (type === 'warn' && typeof data.text === 'string') {
        tellAuthor('warn', data.text, this);
      } else if (events.includes(type) && detail && typeof detail.recipe === 'string') {
        this.#tell(type, detail);
      }
    }

    /** @param {string} type @param {any} detail */
    #tell(type, detail) {
      if (type === 'progress' && detail.total > 0) this.#bar.value = detail.done / detail.total;
      if (type === 'ready' || type === 'error') this.#bar.hidden = true;
      if (type === 'step') this.#live(true);
      if (type === 'error') {
        // What an author has to mend is nothing for readers.
        const authors = detail.reason === 'recipe';
        if (authors) tellAuthor('error', detail.message, this);
        this.#live(!authors);
      }
      // The last pictures stand in for a player that has to go.
      if (type === 'done') this.#post({ type: 'picture', number: 0 });
      this.over = type === 'done' || type === 'error' || (this.over && type !== 'step');
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
      if (this.over) arrange();
    }

    /** @param {Blob} picture of a finished run */
    async #keep(picture) {
      const bitmap = await createImageBitmap(picture).catch(() => undefined);
      if (!bitmap) return;
      Object.assign(this.#last, { width: bitmap.width, height: bitmap.height, hidden: false });
      this.#last.getContext('2d')?.drawImage(bitmap, 0, 0);
      this.#look();
    }

    /** @param {string} message @param {string} reason */
    #fail(message, reason) {
      this.over = true;
      this.#link.hidden = reason === 'frame';
      this.drop();
      tellAuthor('error', message, this);
      this.dispatchEvent(new CustomEvent('error', { detail: { recipe: this.#recipe(), message, reason }, bubbles: true, composed: true }));
      arrange();
    }

    /** Runs, goes on, or plays the steps of a finished run again. */
    play() {
      this.asked = performance.now();
      this.#begin();
    }

    #begin() {
      this.wanted = true;
      if (!this.#frame) this.#create();
      if (this.#frame) this.#post({ type: 'play' });
      arrange();
    }

    pause() {
      this.wanted = false;
      if (this.#frame) this.#post({ type: 'pause' });
      arrange();
    }

    /** One solver step, after which it waits. */
    step() {
      if (!this.#frame) this.#create();
      this.wanted = false;
      this.#wake();
      this.#post({ type: 'step' });
    }

    /** Shows a step of the run; 0 is the newest. @param {number} step */
    seek(step) {
      if (this.#frame) this.#post({ type: 'seek', step: Number(step) || 0 });
    }

    /** Forgets the run; the next play starts it again. */
    reset() {
      this.wanted = this.over = false;
      this.#last.hidden = true;
      if (this.#frame) this.#post({ type: 'reset' });
      this.#live(false);
      this.#look();
      arrange();
    }

    /**
     * The pictures as they are now, as a PNG that is so wide at least.
     * @param {number} [width] @returns {Promise<Blob>}
     */
    toPNG(width) {
      if (!this.#frame) return Promise.reject(new Error('there is no picture yet'));
      const number = ++this.#number;
      const promise = new Promise((resolve, reject) => this.#pictures.set(number, { resolve, reject }));
      this.#post({ type: 'picture', number, width });
      return promise;
    }
  }

  for (const key of attributes) {
    if (key === 'lang') continue; // every element has it
    const flag = flags.includes(key);
    Object.defineProperty(Sampler.prototype, key, {
      configurable: true,
      enumerable: true,
      /** @this {Sampler} */
      get() {
        const value = this.getAttribute(key);
        return flag ? (value ?? 'false') !== 'false' : (value ?? '');
      },
      /** @this {Sampler} @param {unknown} value */
      set(value) {
        if (flag ? !value : value === null || value === undefined) this.removeAttribute(key);
        else this.setAttribute(key, flag ? '' : String(value));
      },
    });
  }

  /** Every element of the page. @type {Set<Sampler>} */
  const all = new Set();

  /** Lets a few that are wanted and in sight run, those that were asked for before others. */
  function arrange() {
    const waiting = [...all].filter((s) => s.wanted && s.visible && !s.over);
    waiting.sort((a, b) => b.asked - a.asked || Number(a.held) - Number(b.held));
    const running = new Set(waiting.slice(0, mostRunning));
    for (const sampler of all) sampler.hold(!running.has(sampler) && !sampler.over);
  }

  /** Puts the player to sleep that has been out of sight for longest, if there are many. */
  function makeRoom() {
    const awake = [...all].filter((s) => s.awake);
    if (awake.length < mostAwake) return;
    awake.filter((s) => !s.visible).sort((a, b) => a.seen - b.seen)[0]?.sleep();
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) /** @type {Sampler} */ (target).approach();
    },
    { rootMargin: '50% 0%' },
  );
  const inSight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting, time } of entries) {
      const sampler = /** @type {Sampler} */ (target);
      sampler.visible = isIntersecting;
      sampler.seen = time;
      if (isIntersecting) sampler.approach();
    }
    arrange();
  });

  addEventListener('message', (event) => {
    for (const sampler of all) sampler.hear(event);
  });
  // Most pages have a class or an attribute for their theme, on the document or on any element around
  // a sampler, also in the trees of other elements.
  const themes = new MutationObserver(() => all.forEach((sampler) => sampler.redress()));
  /** @param {Node | null} node */
  function watchThemes(node) {
    for (; node; node = node instanceof ShadowRoot ? node.host : node.parentNode) {
      if (node instanceof Element) themes.observe(node, { attributes: true, attributeFilter: ['class', 'style', 'theme', 'data-theme', 'data-bs-theme', 'data-color-mode'] });
    }
  }

  dark.addEventListener('change', () => all.forEach((sampler) => sampler.dress()));
  customElements.define(name, Sampler);
})();
