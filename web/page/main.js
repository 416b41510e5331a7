// Entry of index.html, the page: builds its parts, lets those know each other that
// have to, listens, and opens the recipe of the address.

import { asked, note } from '../document/address.js';
import { element, onClick } from '../document/elements.js';
import { isRunning } from '../document/state.js';
import { Extras } from '../edit/extras.js';
import { Save } from '../files/save.js';
import { modelOf } from '../load/loader.js';
import { keepPage } from '../load/offline.js';
import { Own } from '../own/own.js';
import { Compare } from '../run/compare.js';
import { Forward } from '../run/forward.js';
import { Inputs, bare } from '../run/inputs.js';
import { ViewButtons, wished } from '../stage/views.js';
import { offerLanguages, preferred, speak } from '../text/i18n.js';
import { Controls } from './controls.js';
import { Keys } from './keys.js';
import { Models } from './models.js';
import { Moment } from './moment.js';
import { Opener } from './opener.js';
import { Runs } from './runs.js';
import { Share, linkOf } from './share.js';
import { shortcuts } from './shortcuts.js';
import { Timeline } from './timeline.js';
import { StageTools } from './tools.js';
import { noteRecipe } from './viewstate.js';

/** For tests, which make the page keep less. */
export { limits } from '../engine/limits.js';

// What runs, and how a recipe comes to run.
const inputs = new Inputs();
const runs = new Runs(inputs);
const { view } = runs;
const { engine } = view;
/** For tests, which compare it with what is on the screen. */
export const { stage } = view;
const opener = new Opener(runs);
const open = (/** @type {string} */ recipe) => void opener.ask(recipe);

// What a recipe is made of.
const controls = new Controls({ start: () => opener.start(false), resolve: () => void opener.resolve() });
const models = new Models(view.loader, {
  choose: (name) => open(`m=${name}`),
  loaded: (model, size) => opener.loaded(model, size),
  stay: (name, here) => {
    const recipe = view.recipe && modelOf(view.recipe) === name ? runs.link : `m=${name}`;
    noteRecipe(recipe);
    if (!here) void opener.open(recipe, false);
  },
});

// What is on the stage beside or in place of one run.
const forward = new Forward(stage, engine, inputs, { recipe: () => view.recipe || controls.recipe(), shape: () => models.current, open });
const compare = new Compare(stage, engine, {
  again: () => runs.again(),
  heard: (message) => runs.heardOfOther(message),
  others: () => models.others,
  title: (name) => models.title(name),
  lacks: (name) => models.lacks(name),
});
const extras = new Extras({ stage, engine, inputs, controls, model: () => models.current, recipe: () => view.recipe, open });

// How it is looked at.
const moment = new Moment(runs, { compare, extras, forward });
const timeline = new Timeline(stage, () => moment.show());
const tools = new StageTools(stage, timeline);
const viewButtons = new ViewButtons(stage.views, (shown) => {
  stage.show(shown);
  note({ views: shown.join() === 'xt,x0' ? null : shown.join() });
  moment.describe();
});

// What can be taken away.
new Share(() => linkOf(stage, runs.link));
const save = new Save(
  stage,
  () => ({
    ...{ recipe: view.recipe, whole: runs.whole, sha256: runs.sha256, name: `tweedie-${runs.sha256.slice(0, 8)}` },
    ...{ query: new URL(linkOf(stage, '')).search.slice(1), weights: [...new Set([...engine.weights, ...compare.weights])] },
    own: { entries: models.own, bytes: (name) => view.loader.own(name) },
  }),
  open,
  (file) => void forward.take(file, true),
);

// What a person brings.
const own = new Own({
  ...{ engine, inputs, models, loader: view.loader },
  open: (recipe, start, asked) => opener.open(recipe, start, asked),
  stay: () => view.recipe && noteRecipe(runs.link),
  file: (file, other) => save.take(file, other),
  picture: (file) => void forward.take(file, true),
});

runs.meet({ compare, extras, forward, moment, opener, save, timeline });
opener.meet({ compare, controls, extras, models, own });
listen();
speak(preferred());
moment.describe();
addEventListener('tweedie:ready', () => void enhance(), { once: true });
void opener.begin();
document.documentElement.removeAttribute('data-arriving');

/**
 * What can wait until there is a network, which it would keep waiting: the
 * viewer, and then the page for visits without a host, since a frame must not
 * arrive while a service worker takes over.
 */
async function enhance() {
  await view.enhance();
  void keepPage();
}

/** The fragment that was followed just now. */
let followed = '';

/**
 * Opens what the address says. Browsers tell of that twice, and once where the
 * query is another as well.
 * @param {string} fragment
 */
function follow(fragment) {
  if (fragment === followed) return;
  followed = fragment;
  setTimeout(() => (followed = ''));
  void opener.open(fragment);
}

function listen() {
  onClick('start', () => {});
  onClick('pause', () => runs.pause());
  onClick('step', () => (isRunning() ? runs.stride() : opener.start(true)));
  onClick('cancel', () => runs.cancel());
  onClick('defaults', () => open(models.current?.defaults ?? ''));
  new Keys(shortcuts(timeline, viewButtons, tools));
  addEventListener('popstate', () => {
    tools.read();
    viewButtons.show(wished());
    const other = compare.read();
    if (bare(location.hash) !== `#${view.recipe}`) follow(location.hash);
    else if (other) runs.go(view.recipe, false, false);
  });
  // By now the end of a run may have written its recipe over the one that was asked for.
  addEventListener('hashchange', ({ newURL }) => follow(new URL(newURL).hash));
  offerLanguages(/** @type {HTMLSelectElement} */ (element('language')), (tag) => {
    if (asked('lang') !== null) note({ lang: tag });
    timeline.show();
    moment.describe();
  });
}
