import { parentPort } from 'node:worker_threads';
import { readFiles } from '../proof/files/clusters.ts';
import { compilePart } from './part.ts';
import type { ThreadMessage, ThreadTask } from './threads.ts';

// What runs in a thread of its own: it gets a part, says now and then how far it is, and gives back the files and what
// the proof, which knows nothing but them, reads there.

const saidAfter = 100;
const say = (message: ThreadMessage) => parentPort?.postMessage(message);

parentPort?.on('message', ({ part, platform }: ThreadTask) => {
  let done = 0;
  const compiled = compilePart(part, () => {
    done += 1;
    if (done % saidAfter === 0) say({ tenants: saidAfter });
  });
  say({ tenants: done % saidAfter });
  say({ compiled: { ...compiled, read: [readFiles([...platform, ...compiled.files])] } });
});
