// What the plots show: where their cursors are, and the thumbs of the sliders above;
// the numbers of each run; how many lines each run has; and what is said of it all.
async () => {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
  const svg = document.querySelector('#plots svg');
  const {left} = svg.getBoundingClientRect();
  const sliders = ['timeline', 'timeline-second'].map((id) => document.getElementById(id));
  return {
    cursors: [...svg.querySelectorAll('.cursor')].map((line) => left + parseFloat(line.getAttribute('d').slice(1))),
    thumbs: sliders.filter(({hidden}) => !hidden).map((slider) => {
      const box = slider.getBoundingClientRect();
      return box.left + 1.5 + ((slider.value - 1) / (slider.max - 1)) * (box.width - 3);
    }),
    numbers: [...document.querySelectorAll('.levels p')].map((row) =>
      [...row.querySelectorAll('b')].map(({textContent}) => Number(textContent.replace(/,/g, '').replace('−', '-')))),
    lines: ['g:not(.second) > .line', '.second > .line'].map((each) => svg.querySelectorAll(each).length),
    name: svg.getAttribute('aria-label'),
    said: svg.querySelector('desc').textContent,
    heard: sliders[0].getAttribute('aria-valuetext'),
    query: location.search,
  };
}
