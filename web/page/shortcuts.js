// Which keys do what.

/** @import { Mode } from './modes.js' */
/** @import { StageTools } from './tools.js' */
/** @import { Shortcut } from '../document/keys.js' */
/** @import { Timeline } from './timeline.js' */
/** @import { ViewButtons } from '../stage/views.js' */
import { element } from '../document/elements.js';
import { views } from '../stage/views.js';

/** What a button does. @param {string} id */
function press(id) {
  return () => element(id).click();
}

/**
 * @param {Timeline} timeline @param {ViewButtons} buttons @param {StageTools} tools
 * @param {{open: (mode: Mode) => void, pause: () => void, stride: () => void}} page
 * @returns {Shortcut[]}
 */
export function shortcuts(timeline, buttons, tools, page) {
  const within = (/** @type {Mode} */ mode, /** @type {string} */ id) => () => {
    page.open(mode);
    element(id).click();
  };
  const slower = () => timeline.changeSpeed(-1);
  const faster = () => timeline.changeSpeed(1);
  return [
    { acts: { ' ': () => timeline.toggle() }, what: 'keys.play', scrolls: true },
    {
      acts: { ArrowLeft: () => timeline.move(-1), ArrowRight: () => timeline.move(1) },
      shown: ['←', '→'],
      what: 'keys.move',
    },
    { acts: { Home: () => timeline.first(), End: () => timeline.last() }, what: 'keys.ends', scrolls: true },
    { acts: { ',': slower, '<': slower, '.': faster, '>': faster }, shown: ['<', '>'], what: 'keys.speed' },
    { acts: { l: () => timeline.toggleLoop() }, what: 'keys.loop' },
    {
      acts: Object.fromEntries(views.map((view, i) => [String(i + 1), () => buttons.toggle(view)])),
      shown: ['1', '…', String(views.length)],
      what: 'keys.views',
    },
    {
      acts: { '+': () => tools.nearer(), '=': () => tools.nearer(), '-': () => tools.farther(), 0: () => tools.all() },
      shown: ['+', '-', '0'],
      what: 'keys.zoom',
    },
    {
      acts: {
        'Shift+ArrowLeft': () => tools.pan(-1, 0),
        'Shift+ArrowRight': () => tools.pan(1, 0),
        'Shift+ArrowUp': () => tools.pan(0, -1),
        'Shift+ArrowDown': () => tools.pan(0, 1),
      },
      shown: ['Shift ←', '↑', '→', '↓'],
      what: 'keys.pan',
      scrolls: true,
    },
    { acts: { b: press('backwards') }, what: 'keys.backwards' },
    { acts: { i: within('forward', 'forward-own') }, what: 'keys.noise' },
    { acts: { o: within('forward', 'forward-open') }, what: 'keys.picture' },
    { acts: { c: within('compare', 'compare') }, what: 'keys.compare' },
    { acts: { f: press('smooth') }, what: 'keys.smooth' },
    { acts: { x: press('fade') }, what: 'keys.fade' },
    { acts: { s: press('start') }, what: 'keys.start' },
    { acts: { p: page.pause }, what: 'keys.pause' },
    { acts: { n: page.stride }, what: 'keys.step' },
    { acts: { Escape: () => element(element('load-stay').checkVisibility() ? 'load-stay' : 'cancel').click() }, shown: ['Esc'], what: 'keys.cancel' },
    { acts: { m: () => element('models').focus() }, what: 'keys.model' },
    { acts: { a: () => element('options').querySelector('summary')?.click() }, what: 'keys.options' },
    { acts: { e: () => page.open('draw') }, what: 'keys.edit' },
    { acts: { r: press('defaults') }, what: 'keys.defaults' },
    { acts: { h: press('share-open') }, what: 'keys.share' },
    { acts: { k: press('save-open') }, what: 'keys.save' },
    { acts: {}, shown: ['Alt ←', 'Alt →'], what: 'keys.undo' },
    { acts: { '?': press('help-open') }, what: 'keys.help' },
  ];
}
