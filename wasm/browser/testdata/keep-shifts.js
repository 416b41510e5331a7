// Keeps the sum of the layout's shifts, and what shifted, in shifts.
() => {
  window.shifts = {sum: 0, of: []};
  new PerformanceObserver((list) => {
    for (const {value, hadRecentInput, sources} of list.getEntries()) {
      if (hadRecentInput) continue;
      shifts.sum += value;
      for (const {node, previousRect: a, currentRect: b} of sources) shifts.of.push([a.x, a.y, a.width, a.height, '→', b.x, b.y, b.width, b.height].join(' ') + ' ' + value.toFixed(4) + ' ' + (node?.parentElement?.id ?? '') + ' > ' + (node?.id || node?.className || node?.nodeName));
    }
  }).observe({type: 'layout-shift', buffered: true});
}
