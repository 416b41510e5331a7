// Ends workers that are asked for a run, before they can say anything of it.
(times) => {
  window.Worker = class extends Worker {
    postMessage(message, transfer) {
      super.postMessage(message, transfer);
      if (message.type === 'run' && times-- > 0) super.terminate();
    }
  };
}
