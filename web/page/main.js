// Entry of index.html, the page: builds its parts, lets those know each other that
// have to, listens, and opens the recipe of the address.

import { asked, note } from '../document/address.js';
import { element, onClick } from '../document/elements.js';
import { modelOf } from '../document/fragment.js';
import { Keys } from '../document/keys.js';
import { isLoaded, isRunning } from '../document/state.js';
import { Extras } from '../edit/extras.js';
import { Own } from '../own/own.js';
import { Compare } from '../run/compare.js';
import { Forward } from '../run/forward.js';
import { Inputs } from '../run/inputs.js';
import { Share, linkOf } from '../share/share.js';
import { ViewButtons, usual, wished } from '../stage/views.js';
import { offerLanguages, preferred, speak } from '../text/i18n.js';
import { Controls } from './controls.js';
import { LadderButton } from './ladder-button.js';
import { Models } from './models.js';
import { Modes } from './modes.js';
import { Moment } from './moment.js';
import { Opener } from './opener.js';
import { PlotsButton } from './plots-button.js';
import { Results } from './results.js';
import { Runs } from './runs.js';
import { Second } from './second.js';
import { Sheet } from './sheet.js';
import { shortcuts } from './shortcuts.js';
import { Timeline } from './timeline.js';
import { StageTools } from './tools.js';
import { Turning } from './turning.js';
import { isNews, noteRecipe } from './viewstate.js';

/** For tests, which make the page keep less. */
export { limits } from '../engine/limits.js';

// What runs, and how a recipe comes to run.
const inputs = new Inputs();
const runs = new Runs(inputs);
const { view } = runs;
const { engine } = view;
void view.loader.start().catch(() => {}); // it comes while the rest is built, and the first load hears what is wrong
/** For tests, which compare it with what is on the screen. */
export const { stage } = view;
const opener = new Opener(runs);
const lesson = asked('lesson') !== null;
// A card brings its recipe where the address has none.
const carded = lesson && location.hash.length < 2;
if (!carded) opener.ahead();
const open = (/** @type {string} */ recipe) => void opener.ask(recipe);

// What a recipe is made of.
const sheet = new Sheet();
const controls = new Controls({ complained: () => sheet.show(true), start: () => opener.draw(), turned: (turn) => turning.turned(turn) });
const turning = new Turning(runs, controls, opener);
const models = new Models(view.loader, {
  choose: (name) => open(`m=${name}`),
  loaded: (model, size, recipe) => opener.loaded(model, size, recipe),
  stay: (name) => {
    const recipe = view.recipe && modelOf(view.recipe) === name ? runs.link : `m=${name}`;
    noteRecipe(recipe);
    void opener.open(recipe, false); // what was typed meanwhile has not been run
  },
});

// What is on the stage beside or in place of one run.
const forward = new Forward(stage, engine, inputs, { recipe: () => view.recipe || controls.recipe(), shape: () => (isLoaded() ? models.current : undefined), open });
const compare = new Compare(stage, engine, {
  again: () => {
    viewButtons.show(wished(usual()));
    opener.again();
  },
  heard: (message) => runs.heardOfOther(message),
  others: () => models.others,
  title: (name) => models.title(name),
  lacks: (name) => models.lacks(name),
});
const extras = new Extras({ stage, engine, inputs, controls, model: () => models.current, recipe: () => view.recipe, open, turned: (turn) => turning.turned(turn), seek: (step) => timeline.scrub(step), estimate: (steps, images) => runs.estimate(steps, images), noise: (chain) => forward.own(chain), mode: (mode) => modes.open(mode), arrive: () => arrive(), lacks: (name) => models.lacks(name) });

// How it is looked at.
const moment = new Moment(runs, { compare, extras, forward });
const timeline = new Timeline(stage, () => moment.show());
const second = new Second(stage, timeline, () => compare.words);
const plots = new PlotsButton({ stage, engine, compare, forward, recipe: () => view.recipe, inputs: (recipe) => inputs.of(recipe), models: () => models.all, title: (name) => models.title(name), told: () => timeline.show() });
timeline.shown = () => {
  second.show();
  plots.show();
};
timeline.also = () => plots.spoken;
const ladder = new LadderButton({ engine, open, recipe: () => view.recipe, inputs: (recipe) => inputs.of(recipe), shape: () => stage.film.shape, model: () => models.current, estimate: (steps, images) => runs.estimate(steps, images) });
const modes = new Modes((mode) => {
  if (mode === 'draw') extras.draw();
  if (mode !== 'compare') ladder.leave();
});
if (compare.on) modes.open('compare');
const viewButtons = new ViewButtons(stage.views, (shown) => {
  stage.show(shown);
  note({ views: shown.join() === usual().join() ? null : shown.join() });
  moment.describe();
});
const tools = new StageTools(stage, timeline, viewButtons);

// What can be taken away, or come back to.
const results = new Results(open);
const share = new Share(
  {
    stage,
    address: () => linkOf(stage, runs.link),
    made: () => ({
    ...{ recipe: view.recipe, whole: runs.whole, sha256: runs.sha256, name: `tweedie-${runs.sha256.slice(0, 8)}` },
    ...{ query: new URL(linkOf(stage, '')).search.slice(1), weights: [...new Set([...engine.weights, ...compare.weights])] },
    own: { entries: models.own, bytes: async (name) => (await view.loader.own(name))?.bytes() },
    }),
  },
  open,
  (file) => void forward.take(file, true),
  () => isLoaded() && runs.go(view.recipe, false, false),
);

// What a person brings.
const own = new Own({
  ...{ engine, inputs, models, loader: view.loader },
  open: (recipe, start, asked) => opener.open(recipe, start, asked),
  stay: () => view.recipe && noteRecipe(runs.link),
  file: (file, other) => share.take(file, other),
  picture: (file) => void forward.take(file, true),
  unfolded: () => sheet.show(true),
  film: () => stage.films[0],
});

stage.grows = true;
stage.turned = () => moment.describe();
opener.settled = () => {
  forward.ready();
  plots.show();
  if (isLoaded()) share.loaded();
};
runs.meet({ compare, extras, forward, ladder, moment, opener, results, share, timeline });
opener.meet({ compare, controls, extras, forward, models, modes, own, turning });
listen();
void speak(preferred()).then(() => moment.describe());
addEventListener('tweedie:ready', () => void enhance(), { once: true });
const card = lesson && extras.open('lessons');
if (card && carded) void card.then((there) => there || opener.begin());
else void opener.begin();
for (const id of ['work', 'tree']) element(id).toggleAttribute('open', asked(id) !== null);
document.documentElement.removeAttribute('data-arriving');

/**
 * What can wait until there is a network, which it would keep waiting: the
 * viewer, and then the page for visits without a host, since a frame must not
 * arrive while a service worker takes over.
 */
async function enhance() {
  await view.enhance().catch(() => {}); // then the plain canvas stays
  const { keepPage } = await import('../load/offline.js').catch(() => ({ keepPage: undefined }));
  await keepPage?.(); // without it the page goes on needing a network
}

/** The address is another, of which browsers tell in one event or in two: what it says is shown. */
function arrive(hash = location.hash) {
  tools.read();
  void plots.read();
  viewButtons.show(wished(usual()));
  const turned = compare.read();
  if (turned && compare.on) modes.open('compare');
  if (isNews(hash)) void opener.open(hash);
  else if (turned) opener.again(false);
}

function listen() {
  onClick('start', () => turning.press());
  for (const name of ['pointerup', 'pointercancel']) addEventListener(name, () => turning.released());
  onClick('cancel', () => runs.cancel());
  onClick('defaults', () => open(models.current?.defaults ?? ''));
  new Keys(shortcuts(timeline, viewButtons, tools, { open: (mode) => modes.open(mode), pause: () => runs.pause(), stride: () => (isRunning() ? runs.stride() : opener.draw(true)) }), async (keys) => (await import('./help.js')).explain(keys));
  const learn = (/** @type {MouseEvent} */ event) => {
    const link = /** @type {Element} */ (event.target).closest('[href^="?"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    note({ lesson: /** @type {HTMLAnchorElement} */ (link).search.slice('?lesson='.length) }, true);
    void extras.open('lessons');
  };
  for (const name of ['lessons', 'room-lessons']) element(name).addEventListener('click', learn);
  addEventListener('popstate', () => arrive());
  addEventListener('beforeprint', () => {
    stage.paint();
    element('printed').textContent = linkOf(stage, runs.link);
  });
  // By now the end of a run may have written its recipe over the one that was asked for.
  addEventListener('hashchange', ({ newURL }) => arrive(new URL(newURL).hash));
  offerLanguages(/** @type {HTMLSelectElement} */ (element('language')), (tag) => {
    if (asked('lang') !== null) note({ lang: tag });
    timeline.show();
    moment.describe();
  });
}
