// Starts, pauses and cancels runs a number of times, and turns comparing on and off
// in between if it is to; it is on in the end.
async (times, compares) => {
  const press = (id) => document.getElementById(id).click();
  const moment = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  for (let i = 0; i < times; i++) {
    document.getElementById('seed').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
    if (i % 3 === 1) await moment((i % 7) * 5);
    if (i % 5 === 2) document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'p', bubbles: true}));
    if (compares && i % 7 === 3) press('compare');
    press('cancel');
    if (i % 4 === 0) await moment(0);
  }
  if (compares && document.getElementById('compare').ariaPressed !== 'true') press('compare');
}
