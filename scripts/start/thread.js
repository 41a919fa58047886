// What src/parts/provers.ts starts as a thread when it runs from the bundle.
import { getEnvironmentData } from 'node:worker_threads';
import { loadBundle } from './bundle.cjs';

await loadBundle(getEnvironmentData('bundle')).entries.thread();
