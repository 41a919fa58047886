/**
 * To be loaded before the command. Sends the process a signal when it is about to change something in a folder:
 * `SIGNAL_AT="SIGKILL 7 /folder"` is the seventh change. Of a file that is being written, half is there by then.
 */
import { writeFileSync } from 'node:fs';
import { onChanges } from './changes.ts';

const [signal, at, folder = ''] = (process.env.SIGNAL_AT ?? '').split(' ');
const half = writeFileSync;

onChanges(folder, ({ name, args: [file, text], number }) => {
  if (number !== Number(at)) return;
  if (name === 'writeFileSync') half(String(file), String(text).slice(0, String(text).length / 2));
  process.kill(process.pid, signal);
});
