// Runs a recipe with a picture and a mask, which do not get their names in it.
async (recipe) => {
  const { image, mask, engine, said, end } = await ringed();
  const described = await engine.describe(recipe, { image, mask });
  engine.run(recipe, false, { image, mask });
  const done = await end(said);
  return [described.recipe, done.recipe, done.hash, said.filter((m) => m.type === 'step').length].join(' ');
}
