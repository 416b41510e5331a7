// What axe finds against WCAG 2.2 AA and good practice, and formulas that lack a
// part. An open dialog is looked at alone, since the page below it cannot be used.
async () => {
  const {violations} = await axe.run(document.querySelector('dialog[open]') ?? document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    iframes: false,
  });
  const parts = {msub: 2, msup: 2, mover: 2, munder: 2, mfrac: 2, mroot: 2, msubsup: 3, munderover: 3};
  const every = [document, ...[...document.querySelectorAll('template')].map(({content}) => content)];
  const broken = every.flatMap((root) => [...root.querySelectorAll('math *')])
    .filter(({localName, childElementCount}) => childElementCount !== (parts[localName] ?? childElementCount));
  return [
    ...violations.flatMap(({id, nodes}) => nodes.map((n) => id + ': ' + n.target.join(' ') + ': ' + n.failureSummary)),
    ...broken.map((e) => 'formula: ' + e.outerHTML),
  ];
}
