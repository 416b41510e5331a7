// A host's script: keeps what the player says, sends it everything wrong, and
// adds a frame of a third origin.
(evil) => {
  window.heard = [];
  addEventListener('message', ({source, data}) => { if (source === player.contentWindow) heard.push(data); if (data === 'evil has spoken') window.evil = true; });
  document.addEventListener('done', ({target, detail}) => (window.drawn = [...(window.drawn ?? []), detail]));
  document.addEventListener('error', ({detail}) => (window.failed = detail));
  player.addEventListener('load', () => {
    storm(player.contentWindow);
    const frame = document.createElement('iframe');
    frame.src = evil;
    document.body.append(frame);
  });
}
