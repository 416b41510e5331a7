// Starts the lab's viewer in a page that has only a box, with a scene and a size in CSS pixels.
// The numbers of a scene are plain lists here, in which null is not a number.
async (frame, scene, size) => {
  const { PlaneViewer } = await import('/web/lab/viewer.js');
  const box = document.getElementById('box');
  Object.assign(box.style, { position: 'fixed', inset: '0' });
  const arrays = ({ values, from, to, points, before, trails, ...more }) => {
    for (const [name, list] of Object.entries({ values, from, to, points, before })) {
      if (list) more[name] = Float32Array.from(list, (v) => v ?? NaN);
    }
    return { ...more, ...(trails && { trails: trails.map((list) => Float32Array.from(list, (v) => v ?? NaN)) }) };
  };
  window.show = ({ heat, arrows, clouds, paths, ...more }) => {
    window.scene = { ...more, heat: heat && arrays(heat), arrows: arrows.map(arrays), clouds: clouds.map(arrays), paths: paths.map(arrays) };
    plane.draw(window.scene, size.width, size.height);
  };
  window.plane = new PlaneViewer(box, {
    up: () => show(scene),
    taken: () => (box.dataset.surface = plane.taken ? 'viewer' : 'canvas'),
  });
  const started = plane.start(`/${frame}`, size);
  Object.assign(box.querySelector('iframe').style, { border: '0' });
  await started;
}
