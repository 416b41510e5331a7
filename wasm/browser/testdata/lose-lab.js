// Lets the lab's worker die when it has learned, as often as it is told to, and keeps what the line
// of status says.
(times) => {
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (data.type !== 'progress' || times === 0) return;
        times--;
        super.terminate();
        this.dispatchEvent(new ErrorEvent('error', { cancelable: true }));
      });
    }
  };
  window.told = [];
  addEventListener('DOMContentLoaded', () => {
    const status = document.getElementById('status');
    new MutationObserver(() => told.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true });
  });
}
