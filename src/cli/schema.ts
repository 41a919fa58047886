import { jsonSchema } from '../input/schema.ts';
import { exit } from './command.ts';

/** Prints the JSON Schema of services.yaml, for editors. */
export function schema(): number {
  process.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  return exit.fine;
}
