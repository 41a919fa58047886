import { reason } from '../input/files.ts';
import { exit } from './command.ts';

/**
 * Sees to it that output which cannot be written ends in no stack trace. When the reader has gone, as `head` does once
 * it has enough, nobody is there to be told, and the exit code says what it always says. Anything else is an error.
 */
export function watchOutput(): void {
  process.stdout.on('error', (problem) => {
    if (isReaderGone(problem)) return;
    process.stderr.write(`error: standard output cannot be written: ${reason(problem)}\n`);
    process.exit(exit.usage);
  });
  process.stderr.on('error', (problem) => {
    if (!isReaderGone(problem)) process.exit(exit.usage);
  });
}

function isReaderGone(problem: Error): boolean {
  return 'code' in problem && problem.code === 'EPIPE';
}
