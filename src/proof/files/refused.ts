import type { Finding } from '../../findings/finding.ts';
import { createValidator, generatedCrds, type Validator } from '../../validate/index.ts';
import type { Source } from './model.ts';
import type { Mapping } from './store.ts';
import { locate } from './tenants.ts';

let validator: Validator | undefined;

/**
 * What an API server or the operator's webhook would refuse. A cluster goes on with what it had before, which may be nothing.
 *
 * @param objects those of the file, of kinds that are known
 */
export function refusedIn(source: Source, objects: readonly Mapping[]): Finding[] {
  validator ??= createValidator(generatedCrds);
  const { check } = validator;
  return objects.flatMap((object, document) => {
    const at = (path: readonly (string | number)[]) => locate(source, { document, path });
    return check({ object, file: source.path, locate: at }).filter(({ severity }) => severity === 'error');
  });
}
