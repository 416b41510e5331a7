// Goes to the end of a film that repeats, and says where it is after it has begun
// again.
async (type, file) => {
  const video = document.createElement('video');
  Object.assign(video, { muted: true, loop: true, src: `data:${type};base64,${file}` });
  const over = (name) => new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, { once: true });
    video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true });
  });
  await over('loadeddata');
  const sought = over('seeked');
  video.currentTime = video.duration - 0.1;
  await sought;
  const again = over('seeked'); // which a film that repeats fires at its end
  await video.play();
  await again;
  return video.currentTime < video.duration / 2;
}
