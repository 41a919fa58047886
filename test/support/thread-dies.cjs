/** To be required before the command. Each of its threads dies: THREAD_DIES says how, and when. */
const { parentPort } = require('node:worker_threads');

/** Calls `happens` in the place of what a thread does with its work. */
function onWork(happens) {
  const on = parentPort.on.bind(parentPort);
  parentPort.on = (name, listener) => on(name, (message) => happens(message, listener));
}

const ways = {
  'at the start': () => {
    throw new Error('at the start');
  },
  'by an error': () =>
    onWork(() => {
      throw new Error('in the\nmidst of it');
    }),
  'by an error once dist is staged': () =>
    onWork((message, listener) => {
      if (message !== 'prove') return listener(message);
      setTimeout(() => {
        throw new Error('late');
      }, 1000);
    }),
  'when it is to prove again': () => {
    let proofs = 0;
    onWork((message, listener) => {
      if (message === 'prove' && ++proofs > 1) throw new Error('not again');
      listener(message);
    });
  },
  'without a word': () => onWork(() => process.exit(0)),
  'for want of memory': () =>
    onWork(() => {
      const all = [];
      for (;;) all.push(new Array(1000).fill(all));
    }),
};

// Threads of Node's own have no port.
if (parentPort !== null) ways[process.env.THREAD_DIES]();
