import type { Finding } from '../../findings/finding.ts';
import { createValidator, generatedCrds } from '../../validate/index.ts';
import type { Source } from './model.ts';
import type { Mapping } from './store.ts';
import { locate } from './tenants.ts';

const { check } = createValidator(generatedCrds);

/**
 * Why the API server would refuse an object, so that what it had before stays, which may be nothing.
 *
 * @param document which of the file's, from 0
 */
export function refusedBy(source: Source, object: Mapping, document: number): Finding[] {
  const at = (path: readonly (string | number)[]) => locate(source, { document, path });
  return check({ object, file: source.path, locate: at }).filter(({ severity }) => severity === 'error');
}
