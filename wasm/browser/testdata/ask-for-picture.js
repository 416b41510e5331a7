// Asks the player for a picture, and waits for its answer.
() =>
  new Promise((resolve) => {
    addEventListener('message', ({ data }) => data?.type === 'picture' && resolve(0));
    player.contentWindow.postMessage({ tweedie: 1, type: 'picture', number: 7 }, '*');
  })
