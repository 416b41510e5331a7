// Has a page believe that a graphics card draws WebGL, where it is the processor.
() => {
  const { getParameter } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.getParameter = function (name) {
    return [this.RENDERER, 0x9246].includes(name) ? 'A graphics card' : getParameter.call(this, name);
  };
}
