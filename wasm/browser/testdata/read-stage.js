// The stage's size in device pixels; it leaves the pixels, read from the surface
// that a person sees, in window.pixels. WebGL's are only there until the frame
// in which they were drawn is over, so the viewer is asked to draw once more and
// read in the same frame: after Ebitengine's callback, which stands in the queue
// before a timer's task adds another. What is seen may change at any time, so
// every try reads it again.
async () => {
  const box = document.getElementById('box');
  // The page draws what changed last at its next frame.
  await new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
    setTimeout(resolve, 2000);
  });
  for (const end = performance.now() + 20000; performance.now() < end; ) {
    const frame = box.dataset.surface === 'viewer' ? box.querySelector('iframe').contentWindow : window;
    const seen = frame === window ? document.getElementById('canvas') : frame.document.querySelector('canvas');
    // What changed last is drawn before, so that a frame that is read too
    // early shows no less.
    await new Promise((resolve) => {
      frame.viewer ? frame.viewer.drawn(resolve) : resolve();
      setTimeout(resolve, 2000);
    });
    await new Promise((resolve) => setTimeout(resolve));
    frame.viewer?.drawn(() => {});
    const copy = new OffscreenCanvas(seen.width, seen.height).getContext('2d');
    await new Promise((resolve) => {
      frame.requestAnimationFrame(() => {
        copy.drawImage(seen, 0, 0);
        resolve();
      });
      setTimeout(resolve, 2000);
    });
    window.pixels = copy.getImageData(0, 0, seen.width, seen.height);
    if (pixels.data[3] === 255) return [seen.width, seen.height];
  }
  throw new Error('nothing is drawn on the ' + (box.dataset.surface ?? 'canvas'));
}
