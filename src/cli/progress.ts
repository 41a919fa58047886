import type { Progress } from '../parts/in-parts.ts';

/** What a progress line is written to. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const firstAfterMs = 1000;
const everyMs = 100;

/**
 * A line on a terminal that says how far the work is, once it has taken more than a second. Nothing is written
 * when the stream is no terminal: a log would keep every state of it.
 *
 * @param now the time in milliseconds
 * @returns `step` to call while working, `end` to wipe the line away
 */
export function progressLine(
  stream: ProgressStream,
  now: () => number = Date.now,
): { step: Progress; end: () => void } {
  let next = now() + firstAfterMs;
  let shown = false;
  const step: Progress = (done, total) => {
    if (!stream.isTTY || now() < next) return;
    next = now() + everyMs;
    shown = true;
    stream.write(`\r\u001b[K${done} of ${total} service manifests`);
  };
  const end = () => {
    if (shown) stream.write('\r\u001b[K');
  };
  return { step, end };
}
