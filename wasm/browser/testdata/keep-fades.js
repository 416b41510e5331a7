// Keeps how far each step has come out of the one before, in 256ths, when the
// stage fades.
async () => {
  const {stage} = await import('/web/page/main.js');
  window.parts = [];
  const {fade} = stage;
  stage.fade = (from, part) => {
    parts.push(part);
    fade.call(stage, from, part);
  };
}
