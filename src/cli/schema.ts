import { jsonSchema } from '../input/schema.ts';
import { exit } from './command.ts';

/** Flags of `schema`. */
export interface SchemaOptions {
  readonly include?: boolean;
}

/** Prints the JSON Schema of services.yaml, or of the files that it includes, for editors. */
export function schema({ include = false }: SchemaOptions): number {
  process.stdout.write(`${JSON.stringify(jsonSchema(include ? 'include' : 'main'), null, 2)}\n`);
  return exit.fine;
}
