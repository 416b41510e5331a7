// What the lab's worker comes to by each of some recipes: the hash of the points, or why not.
async (worker, recipes) => {
  const lab = new Worker(worker);
  const hashes = [];
  for (const recipe of recipes) {
    hashes.push(await new Promise((told) => {
      lab.onmessage = ({ data }) => {
        if (data.type === 'done') told(data.hash);
        else if (data.type === 'failed') told(data.message);
      };
      lab.postMessage({ type: 'train', id: hashes.length + 1, recipe });
    }));
  }
  lab.terminate();
  return hashes;
}
