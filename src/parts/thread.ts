import { parentPort } from 'node:worker_threads';
import { compilePart, type Part } from './part.ts';
import type { ThreadMessage } from './threads.ts';

// What runs in a thread of its own: it gets a part, says now and then how far it is, and gives back the files.

const saidAfter = 100;
const say = (message: ThreadMessage) => parentPort?.postMessage(message);

parentPort?.on('message', (part: Part) => {
  let done = 0;
  const compiled = compilePart(part, () => {
    done += 1;
    if (done % saidAfter === 0) say({ tenants: saidAfter });
  });
  say({ tenants: done % saidAfter });
  say({ compiled });
});
