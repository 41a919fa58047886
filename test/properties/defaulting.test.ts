import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validSpec } from '../support/arbitrary.ts';
import { asFiles, compileValid, objectsIn, runs } from '../support/run-compile.ts';
import {
  type ApiVersion,
  applyDefaults,
  type Kind,
  unknownFields,
  upstreamReleases,
  upstreamSchema,
} from '../support/upstream.ts';

test.each(upstreamReleases)(
  'the API server of %s adds nothing to what any input yields, and drops nothing',
  (release) => {
    let seen = 0;
    fc.assert(
      fc.property(validSpec, (spec) => {
        const { files } = compileValid(asFiles({ ...spec, externalSecrets: { version: release } }));
        const ofServices = files.filter(({ path }) => path.includes('/services/'));
        for (const object of ofServices.flatMap(({ text }) => objectsIn(text))) {
          if (object.kind === 'Namespace') continue;
          const schema = upstreamSchema(
            release,
            object.kind as Kind,
            object.apiVersion.split('/')[1] as ApiVersion,
          );
          expect(applyDefaults(schema, object)).toEqual(object);
          expect(unknownFields(schema, object)).toEqual([]);
          seen++;
        }
      }),
      runs(25),
    );
    expect(seen).toBeGreaterThan(25);
  },
);
