// Has what two workers say to each other go through the page, which counts the passes. The worker
// that helps, or the one that is helped, is ended without a word in a phase of the first pass:
// 'before' x_t comes, 'between' the passes, 'after' the answer.
({phase, whom}) => {
  const Channel = MessageChannel;
  window.passes = 0;
  window.readouts = new Set();
  addEventListener('tweedie:step', () => readouts.add(document.getElementById('readout-ms')?.textContent));
  const end = (now) => {
    if (now !== phase) return;
    phase = '';
    const last = (type) => workers.findLast((w) => w.alive && w.sent.includes(type));
    last(whom === 'helper' ? 'helps' : 'helped').terminate();
  };
  window.MessageChannel = class {
    constructor() {
      const [helped, helper] = [new Channel(), new Channel()];
      this.port1 = helped.port1;
      this.port2 = helper.port1;
      helped.port2.onmessage = ({data}) => {
        if (data.type !== 'pass') return; // but bytes that the page gives back
        end('before');
        helper.port2.postMessage(data);
        end('between');
      };
      helper.port2.onmessage = ({data}) => {
        helped.port2.postMessage(data);
        if (data.type !== 'passed') return;
        passes++;
        end('after');
      };
    }
  };
}
