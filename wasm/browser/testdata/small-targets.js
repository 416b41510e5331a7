// What can be pressed and is smaller than a finger.
() =>
  [...document.querySelectorAll('button, input, select, .chip')]
    .filter((e) => e.checkVisibility())
    .map((e) => ({ e, box: e.getBoundingClientRect() }))
    .filter(({ box }) => box.height < 44 || box.width < 44)
    .map(({ e }) => e.id + ' ' + e.className)
