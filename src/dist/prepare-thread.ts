import { parentPort } from 'node:worker_threads';
import type { DistFile } from './plan.ts';
import { prepareDist } from './prepare.ts';

// What runs in a thread of its own: it gets a folder with the files that should stand in it, and gives back what it did.

parentPort?.on('message', ({ folder, files }: { folder: string; files: readonly DistFile[] }) => {
  parentPort?.postMessage(prepareDist(folder, files));
});
