// How many steps each worker has sent when it answers a question.
(recipe) =>
  Promise.all(
    workers.map(
      (worker) =>
        new Promise((resolve) => {
          worker.addEventListener('message', ({ data }) => data.id === 9999 && resolve(worker.steps));
          worker.postMessage({ type: 'describe', id: 9999, recipe });
        }),
    ),
  )
