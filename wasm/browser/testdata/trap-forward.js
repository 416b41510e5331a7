// A worker whose program does not survive reading a request to noise a picture.
() => {
  self.addEventListener('message', ({ data }) => {
    if (data?.type !== 'forward') return;
    Object.defineProperty(data, 'recipe', { get() { throw new Error('trapped'); } });
  });
}
