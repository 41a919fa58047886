import { parentPort, workerData } from 'node:worker_threads';
import { ProofInParts } from '../proof/prove/in-parts.ts';
import { collectGarbage } from '../threads/garbage.ts';
import type { Task } from './provers.ts';

// What runs in a thread of its own: it gets the files of a dist, part by part, and gives back the proof of them.

const read = workerData as Int32Array;
let proof: ProofInParts | undefined;

parentPort?.on('message', (task: Task) => {
  if (task === 'prove') parentPort?.postMessage(proof?.prove());
  else take(task);
});

function take(files: Exclude<Task, 'prove'>): void {
  if (proof === undefined) proof = new ProofInParts(files);
  else proof.add(files);
  collectGarbage();
  Atomics.add(read, 0, 1);
  Atomics.notify(read, 0);
}
