// What reaches out of the window at its right.
() =>
  [...document.querySelectorAll('body *')]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth)
    .map((e) => e.id || e.className || e.nodeName)
