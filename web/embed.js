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
  if (customElements.get(name)) return;

  /** How many run at a time, and how many players are kept. */
  const mostRunning = 2;
  const mostKept = 4;
  /** Milliseconds that a player may take to answer once its document is there. */
  const patience = 10_000;

  /** The recipe's keys. @type {Record<string, string>} */
  const keys = { model: 'm', label: 'c', seed: 's', n: 'n', sampler: 'k', steps: 'steps', guidance: 'g' };
  const looks = ['view', 'theme', 'lang', 'controls', 'loop'];
  const flags = ['controls', 'loop'];
  const attributes = [...Object.keys(keys), 'recipe', ...looks, 'poster', 'loading', 'site'];
  const events = ['ready', 'progress', 'step', 'done', 'error'];

  const words = {
    en: { play: 'Watch it being drawn', title: 'Diffusion sampler', silent: 'The player did not answer: ' },
    zh: { play: '观看生成过程', title: '扩散采样器', silent: '播放器没有响应：' },
  };

  const home = homeOf();
  const still = matchMedia('(prefers-reduced-motion: reduce)');

  /** The folder of this script, with a slash at its end. A module has no currentScript. */
  function homeOf() {
    const { currentScript } = document;
    const found =
      (currentScript instanceof HTMLScriptElement && currentScript.src) ||
      /\b(?:https?|file):\/\/[^\s)]*?(?=:\d+(?::\d+)?\)?$)/m.exec(new Error().stack ?? '')?.[0] ||
      document.baseURI;
    return new URL('.', found).href;
  }

  // A constructed sheet is no inline style: no policy refuses it.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; position: relative; overflow: hidden; contain: content; border-radius: 12px; background: #0e1014; }
    :host([theme=light]) { background: #fff; }
    :host([hidden]) { display: none; }
    .room { padding-bottom: calc(50% + 150px); }
    .room.one { padding-bottom: min(100% + 130px, 560px); }
    .room.controls { margin-bottom: 52px; }
    .poster, iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; }
    .poster { display: grid; place-items: center; transition: opacity .4s, visibility .4s; }
    .poster > *, slot > *, ::slotted(*) { grid-area: 1 / 1; }
    .poster img, .poster canvas, ::slotted(img), ::slotted(picture), ::slotted(svg) {
      max-width: 100%; max-height: 100%; width: 100%; height: 100%; object-fit: contain; image-rendering: pixelated; }
    .poster canvas { object-fit: cover; opacity: .5; }
    slot { display: contents; }
    iframe { opacity: 0; transition: opacity .4s; color-scheme: normal; }
    .live ~ .poster { opacity: 0; visibility: hidden; }
    .live ~ iframe { opacity: 1; }
    button { z-index: 1; display: grid; place-items: center; width: 72px; height: 72px; padding: 0; cursor: pointer;
      border: 0; border-radius: 50%; background: rgb(8 9 12 / 72%); color: #fff; }
    button:hover { background: #000; }
    button:focus-visible { outline: 3px solid #ffc24d; outline-offset: 3px; }
    button::before { content: ''; margin-left: 6px; border: solid #0000; border-width: 14px 0 14px 23px; border-left-color: #fff; }
    progress { position: absolute; inset: auto 0 0; width: 100%; height: 3px; border: 0; appearance: none; background: none; }
    progress::-webkit-progress-bar { background: none; }
    progress::-webkit-progress-value { background: #ffc24d; }
    progress::-moz-progress-bar { background: #ffc24d; }
    [hidden] { display: none !important; }
    @media (prefers-reduced-motion: reduce) { .poster, iframe { transition: none; } }
  `);

  /** @param {string} tag @param {Record<string, unknown>} [properties] @returns {any} */
  const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

  /** The poster where none is given, until the player has one: noise. */
  function noise() {
    const canvas = /** @type {HTMLCanvasElement} */ (make('canvas', { width: 64, height: 32 }));
    canvas.setAttribute('aria-hidden', 'true');
    const context = canvas.getContext('2d');
    if (!context) return canvas;
    const image = context.createImageData(64, 32);
    const { data } = image;
    crypto.getRandomValues(data);
    for (let i = 0; i < data.length; i += 4) {
      data.fill((data[i] + data[i + 1] + data[i + 2] + data[i + 3]) / 6.4 + 20, i, i + 3);
      data[i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    return canvas;
  }

  class Sampler extends HTMLElement {
    static observedAttributes = attributes;

    #room = make('div', { className: 'room' });
    #poster = make('div', { className: 'poster' });
    #slot = make('slot');
    #button = make('button', { type: 'button' });
    #bar = make('progress', { hidden: true });
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
    /** Whether the player waits for its turn. */
    held = true;
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
      this.#button.addEventListener('click', () => this.play());
      this.#poster.append(this.#slot, this.#button, this.#bar);
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
      near.observe(this);
      inSight.observe(this);
      this.#look();
      if (this.getAttribute('loading') === 'eager') this.approach();
    }

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
      this.#look();
      if (!this.#frame) return;
      if (changed.has('model') || changed.has('site')) {
        this.drop();
        if (this.wanted || this.over) this.play();
        return;
      }
      if (looks.some((look) => changed.has(look))) this.#post({ type: 'options', options: this.#options() });
      if (changed.has('recipe') || Object.keys(keys).some((key) => changed.has(key))) {
        if (this.over) this.wanted = true;
        this.over = false;
        this.#post({ type: 'recipe', recipe: this.#recipe() });
        arrange();
      }
    }

    /** Whether the player is seen, and no longer the poster. @param {boolean} live */
    #live(live) {
      this.#room.classList.toggle('live', live);
    }

    #look() {
      this.#room.classList.toggle('controls', this.hasAttribute('controls'));
      this.#room.classList.toggle('one', /^\w+$/.test(this.getAttribute('view') ?? ''));
      const address = this.getAttribute('poster');
      this.#slot.replaceChildren(address ? make('img', { src: address, alt: '' }) : noise());
      this.#button.ariaLabel = this.#words.play;
      this.#button.hidden = this.#frame !== undefined || !(this.#asks || this.over);
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
        const value = flags.includes(look) ? this.hasAttribute(look) && 'on' : this.getAttribute(look);
        if (value) options[look === 'view' ? 'views' : look] = value;
      }
      return options;
    }

    /** It has come near: most begin now. */
    approach() {
      if (!this.#asks && !this.#frame && !this.over) this.#begin();
    }

    #create() {
      this.over = false;
      const url = new URL('player.html', this.#home);
      url.search = String(new URLSearchParams({ ...this.#options(), held: 'on' }));
      if (!this.getAttribute('poster') && !this.childElementCount) url.search += '&first=on';
      url.hash = this.#recipe();
      makeRoom(this);
      const title = [this.title || this.#words.title, this.getAttribute('label')].filter(Boolean).join(': ');
      const frame = /** @type {HTMLIFrameElement} */ (make('iframe', { title, allow: '', referrerPolicy: 'no-referrer' }));
      frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-popups');
      frame.src = url.href;
      frame.addEventListener('load', () => {
        if (frame !== this.#frame) return;
        this.#there = false;
        this.#send({ type: 'hello' });
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#fail(this.#words.silent + url.href.split('?')[0]), patience);
      });
      this.#frame = frame;
      this.#button.hidden = true;
      this.#bar.hidden = false;
      this.#bar.removeAttribute('value');
      this.shadowRoot?.append(frame);
    }

    /** Ends the player; the poster is what stays. */
    drop() {
      clearTimeout(this.#timer);
      this.#frame?.remove();
      this.#frame = undefined;
      this.#there = false;
      this.held = true;
      this.#waiting = [];
      this.#live(false);
      this.#bar.hidden = true;
      for (const { reject } of this.#pictures.values()) reject(new Error('the player has ended'));
      this.#pictures.clear();
      this.#look();
    }

    get framed() {
      return this.#frame !== undefined;
    }

    /** @param {boolean} held */
    hold(held) {
      if (held === this.held || !this.#frame) return;
      this.held = held;
      this.#post({ type: 'hold', held });
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
        if (data.picture instanceof Blob) promise?.resolve(data.picture);
        else promise?.reject(new Error('there is no picture yet'));
      } else if (type === 'state') {
        this.wanted = data.wanted === true;
        if (this.wanted) this.asked = performance.now();
        arrange();
      } else if (events.includes(type) && detail && typeof detail.recipe === 'string') {
        this.#tell(type, detail);
      }
    }

    /** @param {string} type @param {any} detail */
    #tell(type, detail) {
      if (type === 'progress' && detail.total > 0) this.#bar.value = detail.done / detail.total;
      if (type === 'ready') this.#bar.hidden = true;
      if (type === 'step' || type === 'error') this.#live(true);
      this.over = type === 'done' || type === 'error' || (this.over && type !== 'step');
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
      if (this.over) arrange();
    }

    /** @param {string} message */
    #fail(message) {
      this.over = true;
      this.drop();
      this.dispatchEvent(new CustomEvent('error', { detail: { recipe: this.#recipe(), message }, bubbles: true, composed: true }));
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
      this.#post({ type: 'play' });
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
      this.#post({ type: 'step' });
    }

    /** Shows a step of the run; 0 is the newest. @param {number} step */
    seek(step) {
      if (this.#frame) this.#post({ type: 'seek', step: Number(step) || 0 });
    }

    /** Forgets the run; the next play starts it again. */
    reset() {
      this.wanted = this.over = false;
      this.#post({ type: 'reset' });
      this.#live(false);
      arrange();
    }

    /** The pictures as they are now. @returns {Promise<Blob>} */
    toPNG() {
      if (!this.#frame) return Promise.reject(new Error('there is no picture yet'));
      const number = ++this.#number;
      const promise = new Promise((resolve, reject) => this.#pictures.set(number, { resolve, reject }));
      this.#post({ type: 'picture', number });
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
        return flag ? this.hasAttribute(key) : (this.getAttribute(key) ?? '');
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

  /** Ends the player that has been out of sight for longest, if there are many. @param {Sampler} sampler */
  function makeRoom(sampler) {
    const kept = [...all].filter((s) => s.framed && s !== sampler);
    if (kept.length < mostKept) return;
    const oldest = kept.filter((s) => !s.visible).sort((a, b) => a.seen - b.seen)[0];
    if (!oldest) return;
    oldest.drop();
    oldest.over = false;
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
  customElements.define(name, Sampler);
})();
