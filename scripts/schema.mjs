// Writes every JSON Schema to schema/. CI fails when that changes something.
import { writeFileSync } from 'node:fs';
import { schemaText } from '../src/cli/schema.ts';
import { schemaNames } from '../src/cli/schema-names.ts';

for (const name of schemaNames)
  writeFileSync(new URL(`../schema/${name}.schema.json`, import.meta.url), schemaText(name));
