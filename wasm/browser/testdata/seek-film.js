// Goes to a place in a film of which only the beginning has come, and tells how
// far it could go and where it is.
async (to) => {
  const video = document.createElement('video');
  video.muted = true;
  const over = (name) => new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, {once: true});
    video.addEventListener('error', () => reject(new Error(video.error.message)), {once: true});
  });
  const ready = over('loadeddata');
  video.src = 'film';
  await ready;
  const end = video.seekable.end(0);
  const there = over('seeked');
  video.currentTime = to;
  await there;
  const from = {end, at: video.currentTime};
  video.removeAttribute('src');
  video.load();
  return from;
}
