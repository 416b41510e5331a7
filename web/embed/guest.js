// What both players do as guests of a page: they look as it says, speak its
// language, wait while nobody sees them, and have a button that starts and pauses.

/** @import { Key } from '../text/i18n.js' */
/** @import { Parent } from './parent.js' */
import { element } from '../document/elements.js';
import { preferred, say, speak, text } from '../text/i18n.js';

/** The custom properties of the colours that a page may give. @type {Record<string, string>} */
const colours = { accent: '--stage-mark', background: '--stage', text: '--stage-ink', line: '--stage-line' };
/** The values of options that have few. */
const known = { theme: ['auto', 'light', 'dark'], loading: ['lazy', 'click', 'eager'] };

/**
 * Looks as the options say; settled once it speaks as they say.
 * @param {Record<string, string>} given @param {Record<string, string[]>} own values of options that this player alone has
 * @param {Parent} parent is told of a value that is not known
 */
export function dress(given, own, parent) {
  for (const [name, values] of Object.entries({ ...own, ...known })) {
    for (const value of given[name]?.split(',') ?? []) {
      if (!values.includes(value)) parent.warn(text('embed.wrong', { name: name === 'views' ? 'view' : name, value, values: values.join(', ') }));
    }
  }
  element('bar').hidden = !given.controls;
  const { style } = document.documentElement;
  for (const [name, property] of Object.entries(colours)) {
    if (CSS.supports('color', given[name] ?? '')) style.setProperty(property, given[name]);
    else style.removeProperty(property);
  }
  const { lang } = given;
  return speak(lang ? (/^zh\b/i.test(lang) ? 'zh-Hans' : lang) : preferred());
}

/** Whether the reader's system is dark. */
const dark = () => matchMedia('(prefers-color-scheme: dark)');

/** Dark or light, as was asked for or else as the reader's system is. @param {string} theme */
export function light(theme) {
  document.documentElement.dataset.theme = theme === 'light' || (theme !== 'dark' && !dark().matches) ? 'light' : 'dark';
}

/**
 * Attends to the reader: the player is held while its tab or its stage is out of sight.
 * @param {(reason: string, held: boolean) => void} hold @param {() => void} relight the system is dark now, or light
 */
export function attend(hold, relight) {
  dark().addEventListener('change', relight);
  hold('tab', document.hidden);
  document.addEventListener('visibilitychange', () => hold('tab', document.hidden));
  new IntersectionObserver((entries) => hold('sight', !entries.at(-1)?.isIntersecting)).observe(element('box'));
}

/** What the button says that starts and pauses. @param {Key} key @param {boolean} moving */
export function showGo(key, moving) {
  const go = element('go');
  for (const attribute of ['aria-label', 'title']) say(go, key, {}, attribute);
  go.querySelector('use')?.setAttribute('href', moving ? '#icon-pause' : '#icon-start');
}
