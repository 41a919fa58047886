import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Finding } from '../../../src/findings/finding.ts';
import type { Spec } from '../../../src/input/schema.ts';
import type { Source } from '../../../src/proof/files/model.ts';
import { reordered } from '../../support/reordered.ts';
import { asYaml } from '../../support/run-compile.ts';
import type { Kind, Parts } from '../kind.ts';
import { wrongWith } from '../oracle/judge.ts';
import { remembered } from '../remembered.ts';
import { inputFile } from './file.ts';
import { anySpec } from './specs.ts';

/** The errors among findings, in a line each. */
export function errorsIn(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, message, location }) => `${location?.file ?? ''}: ${message} [${rule}]`);
}

/** Files that are included: every one of them is written each time, so that none is left from another case. */
const teams = ['team-a.yaml', 'team-b.yaml'];

/** An input whose services stand in files of their own: in which one, or in none, a digit to the base of three says. */
function apart(
  { services = [], ...rest }: Spec,
  places: number,
): { main: Spec; included: Record<string, string> } {
  const of = (place: number) => services.filter((_, index) => Math.floor(places / 3 ** index) % 3 === place);
  const files = teams.map((name, index) => [name, asYaml({ services: of(index + 1) })] as const);
  return {
    main: { ...rest, include: ['team-?.yaml'], services: of(0) },
    included: Object.fromEntries(files),
  };
}

/** An input, the same in another order, and in which file each service stands there. */
interface Fleet {
  readonly spec: Spec;
  readonly changed: Spec;
  readonly places: number;
}

/**
 * Any valid input yields valid objects that are proven, by the oracle as well; the same bytes again, and in whatever
 * order and files the input says it.
 */
export function fleets({ compile, prove, validate }: Parts): Kind<Fleet> {
  const compiled = (spec: Spec, included: Readonly<Record<string, string>> = {}) => {
    const { files, findings } = compile(inputFile(asYaml(spec), included));
    assert.deepEqual(errorsIn(findings), []);
    return files;
  };
  /** The first file that is not the same in both; in which order they come says nothing. */
  const differing = (files: readonly Source[], others: readonly Source[]) => {
    const texts = new Map(others.map(({ path, text }) => [path, text]));
    const odd = files.find(({ path, text }) => texts.get(path) !== text);
    return odd?.path ?? (files.length === others.length ? undefined : 'the number of files');
  };
  // The platform's files are much alike.
  const errorsOf = remembered(500, (text) => errorsIn(validate('', text)));
  return {
    name: 'fleets',
    all: 100_000,
    patience: 300,
    made: fc.tuple(reordered(anySpec), fc.nat(3 ** 5 - 1)).map(([both, places]) => ({ ...both, places })),
    check: ({ spec, changed, places }) => {
      const files = compiled(spec);
      const { main, included } = apart(changed, places);
      const odd = differing(files, compiled(main, included));
      if (odd !== undefined) {
        assert.equal(differing(files, compiled(spec)), undefined, 'the same input yields other files');
        assert.fail(`another order, or other files of the input, yields other files: ${odd}`);
      }
      const manifests = files.filter(({ path }) => path.startsWith('clusters/'));
      assert.deepEqual(
        manifests.flatMap(({ path, text }) => errorsOf(text).map((error) => path + error)),
        [],
      );
      assert.deepEqual(errorsIn(prove(files)), [], 'what is written is not proven');
      assert.deepEqual(wrongWith(files, files), [], 'what is written and proven is wrong');
    },
    show: ({ spec, changed, places }) => {
      const { main, included } = apart(changed, places);
      return { 'services.yaml': asYaml(spec), 'reordered.yaml': asYaml(main), ...included };
    },
  };
}
