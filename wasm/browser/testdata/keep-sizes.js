// Keeps, from sizes.keep() on, the sizes of the page and the places of what stands
// on it below the stage, in sizes, and the widths of the first picture in widths,
// at every frame.
() => {
  window.sizes = [];
  window.widths = [];
  sizes.keep = async () => {
    const {stage} = await import('/web/page/main.js');
    const by = (id) => document.getElementById(id).getBoundingClientRect();
    const look = () => {
      sizes.push([document.documentElement.scrollHeight, by('box').height, by('classes').top, by('start').top].join());
      widths.push(stage.drawing.marks.find(({within, picture}) => picture && within.h > 60 * devicePixelRatio)?.to.w / devicePixelRatio);
      requestAnimationFrame(look);
    };
    look();
  };
}
