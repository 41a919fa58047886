import { parentPort } from 'node:worker_threads';
import { ProofInParts } from '../proof/prove/in-parts.ts';
import type { Task } from './threads.ts';

// What runs in a thread of its own: it gets the files of a dist, part by part, and gives back the proof of them.

let proof: ProofInParts | undefined;

parentPort?.on('message', (task: Task) => {
  if (task === 'prove') parentPort?.postMessage(proof?.prove());
  else if (proof === undefined) proof = new ProofInParts(task);
  else proof.add(task);
});
