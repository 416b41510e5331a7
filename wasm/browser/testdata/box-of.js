// Where an element is once it has come into view: left, top, width and height.
(block) =>
  function () {
    this.scrollIntoView({ block, behavior: 'instant' });
    const { left, top, width, height } = this.getBoundingClientRect();
    return [left, top, width, height].join(' ');
  }
