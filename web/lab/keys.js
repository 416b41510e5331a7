// Which keys do what in the lab, and its help, which lists them.

/** @import { Described } from './messages.js' */
/** @import { Shortcut } from '../document/keys.js' */
import { element } from '../document/elements.js';
import { Keys } from '../document/keys.js';
import { layers } from './compose.js';
import { leaving } from './tries.js';

/** How far an arrow moves the time, of a thousandth of the whole way. */
const stride = 20;

/** What a button does. @param {string} id */
function press(id) {
  return () => element(id).click();
}

/** Turns the time of the drawing. @param {number} by */
function move(by) {
  return () => {
    const slider = /** @type {HTMLInputElement} */ (element('time'));
    slider.value = String(Number(slider.value) + by);
    slider.dispatchEvent(new Event('input'));
  };
}

/** The plane answers these keys when it has the focus; here it does without. @param {string} key */
function plane(key) {
  return () => void element('canvas').dispatchEvent(new KeyboardEvent('keydown', { key }));
}

/** @returns {Shortcut[]} */
export function shortcuts() {
  return [
    { acts: { ' ': press('play') }, what: 'lab.keys.play', scrolls: true },
    { acts: { ArrowLeft: move(-stride), ArrowRight: move(stride) }, shown: ['←', '→'], what: 'lab.keys.time' },
    { acts: { p: press('train') }, what: 'lab.keys.train' },
    { acts: { n: press('step') }, what: 'lab.keys.step' },
    { acts: { r: press('reset') }, what: 'lab.keys.reset' },
    {
      acts: Object.fromEntries(layers.slice(0, 9).map((layer, i) => [String(i + 1), press(`layer-${layer}`)])),
      shown: ['1', '…', '9'],
      what: 'lab.keys.layers',
    },
    { acts: { '+': plane('+'), '=': plane('+'), '-': plane('-'), 0: plane('0') }, shown: ['+', '-', '0'], what: 'keys.zoom' },
    {
      acts: {
        'Shift+ArrowLeft': plane('ArrowLeft'),
        'Shift+ArrowRight': plane('ArrowRight'),
        'Shift+ArrowUp': plane('ArrowUp'),
        'Shift+ArrowDown': plane('ArrowDown'),
      },
      shown: ['Shift ←', '↑', '→', '↓'],
      what: 'lab.keys.pan',
      scrolls: true,
    },
    { acts: { Enter: plane('Enter') }, what: 'lab.keys.path' },
    { acts: { t: press('tries-open') }, what: 'lab.keys.tries' },
    { acts: { a: () => element('more').querySelector('summary')?.click() }, what: 'lab.keys.more' },
    { acts: { k: press('offline') }, what: 'lab.keys.offline' },
    { acts: {}, shown: ['Alt ←', 'Alt →'], what: 'keys.undo' },
    { acts: { '?': press('help-open') }, what: 'keys.help' },
  ];
}

/** @param {Described['examples']} examples that answer questions */
export function offerHelp(examples) {
  new Keys(shortcuts(), async (keys) => (await import('./help.js')).explain(keys, examples));
  leaving('help');
  element('help-open').hidden = false;
}
