// Draws a film and gives the grey values at the middle of each enlarged pixel of
// the two views, at the middle of each 100 ms. It plays as any player of the
// browser would.
async (type, file, count) => {
  const video = document.createElement('video');
  video.muted = true;
  const over = (name) => new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, {once: true});
    video.addEventListener('error', () => reject(new Error(video.error.message)), {once: true});
  });
  // A seek is over before its frame can be drawn, on a busy machine.
  let presented = -1;
  const present = (_, {mediaTime}) => {
    presented = mediaTime;
    video.requestVideoFrameCallback(present);
  };
  video.requestVideoFrameCallback(present);
  const ready = over('loadeddata');
  video.src = 'data:' + type + ';base64,' + file;
  await ready;
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext('2d');
  const frames = [];
  for (let i = 0; i < count; i++) {
    const sought = over('seeked');
    video.currentTime = 0.05 + 0.1 * i;
    await sought;
    const begins = 0.1 * Math.min(i, 4);
    const until = performance.now() + 5000;
    while (Math.abs(presented - begins) > 0.05 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    context.drawImage(video, 0, 0);
    const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
    const at = (x, y) => data[4 * (y * canvas.width + x)];
    frames.push([0, 34].flatMap((left) => Array.from({length: 1024}, (_, p) => at((left + p % 32) * 8 + 4, (p >> 5) * 8 + 4))));
  }
  return {width: canvas.width, height: canvas.height, seconds: video.duration, frames};
}
