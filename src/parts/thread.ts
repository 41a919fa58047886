import { parentPort } from 'node:worker_threads';
import type { DistFile } from '../dist/index.ts';
import { readFiles } from '../proof/files/clusters.ts';

// What runs in a thread of its own: it gets files, again and again, and gives back what the proof reads in them.

parentPort?.on('message', (files: readonly DistFile[]) => {
  parentPort?.postMessage(readFiles(files));
});
