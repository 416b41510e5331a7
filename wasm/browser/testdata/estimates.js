// Estimates that end by themselves, by a cancel, by the next one, by a run, or
// with their worker; and one that ends a run.
async () => {
  const { image, engine, said, end } = await ringed();
  const what = { recipe: 'm=digits&c=0&steps=3', image, form: 'denoising', draws: 2 };
  const estimate = (more) => {
    const heard = [];
    const { steer } = engine.measure({ ...what, ...more }, (message) => heard.push(message));
    return { heard, steer };
  };
  const whole = estimate({});
  const done = await end(whole.heard);
  const long = estimate({ recipe: 'm=digits' });
  while (long.heard.length < 3) await new Promise(requestAnimationFrame);
  long.steer('cancel');
  await end(long.heard);
  const replaced = estimate({ recipe: 'm=digits' });
  const next = estimate({});
  await end(next.heard);
  const byRun = estimate({ recipe: 'm=digits' });
  engine.run('m=digits&steps=1');
  await end(said);
  await end(byRun.heard);
  engine.run('m=digits&steps=900');
  said.length = 0;
  const after = estimate({});
  const stopped = await end(said);
  await end(after.heard);
  const lost = estimate({ recipe: 'm=digits' });
  while (lost.heard.length < 2) await new Promise(requestAnimationFrame);
  workers.at(-1).die();
  await end(lost.heard);
  const refused = estimate({ recipe: 'm=digits&steps=0' });
  const failed = await end(refused.heard);
  const ends = [whole, long, replaced, next, byRun, after, lost, refused].map(({ heard }) =>
    heard.filter((m) => ['measured', 'cancelled', 'failed'].includes(m.type)).map((m) => m.type).join());
  return [whole.heard.map((m) => m.type).join(), done.bits, done.recipe, ends.join(' '), stopped.type, failed.key];
}
