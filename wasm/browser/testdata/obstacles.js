// What axe finds against WCAG 2.2 AA and good practice. An open dialog is looked
// at alone, since the page below it cannot be used.
async () => {
  const {violations} = await axe.run(document.querySelector('dialog[open]') ?? document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    iframes: false,
  });
  return violations.flatMap(({id, nodes}) => nodes.map((n) => id + ': ' + n.target.join(' ') + ': ' + n.failureSummary));
}
