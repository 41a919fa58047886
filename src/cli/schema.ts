import { jsonSchema } from '../input/schema.ts';
import { explainJsonSchema, reportJsonSchema } from '../report/access-json.ts';
import { diffJsonSchema } from '../report/diff-json.ts';
import { findingsJsonSchema } from '../report/findings-json.ts';
import { exit, UsageError } from './command.ts';
import type { SchemaName } from './schema-names.ts';

/** Flags of `schema`. */
export interface SchemaOptions {
  readonly of?: SchemaName;
  readonly include?: boolean;
}

/** Every JSON Schema that there is. `npm run schema` writes them to schema/. */
export const schemas: Readonly<Record<SchemaName, () => Record<string, unknown>>> = {
  services: () => jsonSchema('main'),
  include: () => jsonSchema('include'),
  findings: findingsJsonSchema,
  diff: diffJsonSchema,
  report: reportJsonSchema,
  explain: explainJsonSchema,
};

/** Prints the JSON Schema of services.yaml, of the files that it includes, or of what `--format json` prints. */
export function schema({ of, include = false }: SchemaOptions): number {
  if (include && of !== undefined && of !== 'include')
    throw new UsageError('--include is short for --of include; give one of them');
  process.stdout.write(schemaText(of ?? (include ? 'include' : 'services')));
  return exit.fine;
}

/** A schema as it stands in schema/. */
export function schemaText(name: SchemaName): string {
  return `${JSON.stringify(schemas[name](), null, 2)}\n`;
}
