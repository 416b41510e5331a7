// Takes the viewer its graphics card, or reloads its document, as Ebitengine
// does then; resolves when the plain canvas has stepped in.
async (graphics) => {
  const box = document.getElementById('box');
  const { contentWindow } = box.querySelector('iframe');
  await new Promise((resolve) => {
    const left = new MutationObserver(() => box.dataset.surface !== 'viewer' && resolve(left.disconnect()));
    left.observe(box, { attributes: true });
    if (graphics) contentWindow.document.querySelector('canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext();
    else contentWindow.location.reload();
  });
}
