// Chooses models from the menu at random, 40 to 120 ms apart, and goes back and
// forward in between. Says what is wrong once the page is calm, or nothing.
async (seed, actions) => {
  const byId = (id) => document.getElementById(id);
  const moment = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  let state = seed >>> 0;
  const random = (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  window.first ??= navigation.currentEntry.index;
  const done = [];
  const act = () => {
    const way = random(6);
    if (way === 0 && navigation.currentEntry.index > first) return done.push('back'), history.back();
    if (way === 1 && navigation.canGoForward) return done.push('forward'), history.forward();
    if (way === 2) return done.push('stay'), byId('load-stay').click();
    byId('models').click();
    const options = byId('models-list').children;
    const option = options[random(options.length)];
    done.push(option.querySelector('.title').textContent);
    option.click();
  };
  for (let i = 0; i < actions; i++) {
    act();
    await moment(40 + random(80));
  }
  const { models } = await (await fetch('/web/models.json')).json();
  const seen = () => {
    const name = byId('models').value;
    const asked = new URLSearchParams(location.hash.slice(1)).get('m');
    const { classes = [] } = models.find((model) => model.name === name) ?? {};
    const offered = document.querySelectorAll('input[name=c]').length;
    const wrong = [];
    if (!['running', 'done', 'ready'].includes(document.documentElement.dataset.state)) wrong.push(document.documentElement.dataset.state);
    if (!byId('loading').hidden) wrong.push('loading is shown');
    if (!byId('trouble').hidden) wrong.push(byId('trouble-text').textContent);
    if (name !== asked) wrong.push(`the menu shows ${name}, the address ${location.hash}`);
    if (classes.length > 0 && offered !== classes.length + 2) wrong.push(`${name} has ${classes.length} classes, the controls offer ${offered}`);
    if (byId('start').ariaDisabled === 'true') wrong.push('nothing can be started');
    return wrong.join('; ');
  };
  // Calm is when nothing is wrong for a while.
  let good = 0;
  for (const end = performance.now() + 30_000; good < 8 && performance.now() < end; await moment(50)) good = seen() ? 0 : good + 1;
  return good < 8 ? `${seen()} (after ${done.join(', ')})` : '';
}
