import { parentPort, workerData } from 'node:worker_threads';
import type { FineTrials } from '../proof/guard/judge.ts';
import { ProofInParts } from '../proof/prove/in-parts.ts';
import { collectGarbage } from '../threads/garbage.ts';
import type { Task } from './provers.ts';

// What runs in a thread of its own: it gets the files of a dist, part by part, and gives back the proof of them. Then it may
// get those of the next one.

const read = workerData as Int32Array;
let proof: ProofInParts | undefined;
let latest: ProofInParts | undefined;
const trials: FineTrials = new Map();

parentPort?.on('message', (task: Task) => {
  if (task === 'prove') prove();
  else take(task);
});

function prove(): void {
  parentPort?.postMessage(proof?.prove(trials));
  [latest, proof] = [proof, undefined];
}

function take(task: Exclude<Task, 'prove'>): void {
  if (typeof task === 'number') takeAgain(task);
  else if (proof === undefined) proof = new ProofInParts(task);
  else proof.add(task);
  collectGarbage();
  Atomics.add(read, 0, 1);
  Atomics.notify(read, 0);
}

function takeAgain(place: number): void {
  const part = latest?.parts[place];
  if (proof === undefined || part === undefined)
    throw new Error(`there is no part ${place} of a proof before`);
  proof.addRead(part);
}
