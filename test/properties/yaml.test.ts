import fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { resolveFleet } from '../../src/fleet/resolve.ts';
import type { KubernetesObject } from '../../src/manifests/kubernetes-object.ts';
import { tenantObjects } from '../../src/manifests/service-chart.ts';
import { tenantFile } from '../../src/manifests/tenant-file.ts';
import { toYaml } from '../../src/yaml/write.ts';
import { validSpec } from '../support/arbitrary.ts';
import { anyText, yamlTraps } from '../support/arbitrary-text.ts';
import { hasPyYaml, pyYaml, type Reader, readers } from '../support/readers.ts';
import { runs } from '../support/run-compile.ts';

/** Each text alone, as a value, as a key, in a list, and as template text deep inside. */
function around(text: string): KubernetesObject {
  return {
    value: text,
    map: { [text === '__proto__' ? 'x' : text]: { [`k${text}`]: [text, [text]] } },
    list: [text, { text }],
  };
}

const spec = fc
  .tuple(anyText, anyText, anyText)
  .map(([first, second, third]) => ({ ...around(first), second: around(second), [`x${third}`]: third }));

/** The objects of all tenants of an input. */
const objects = validSpec.map((input) => {
  const nowhere = { file: '', start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
  const { fleet } = resolveFleet(input, () => nowhere);
  return fleet.tenants.map((tenant) => ({ tenant, objects: tenantObjects(tenant, fleet.release) }));
});

function expectSame(reader: Reader, values: readonly KubernetesObject[]): void {
  const read = reader(values.map(toYaml));
  values.forEach((value, index) => {
    expect(read[index], toYaml(value)).toEqual(value);
  });
}

describe.each(Object.entries(readers))('what is written is what %s reads', (_, reader) => {
  test('for each text that is easily taken for something else', () => {
    expectSame(reader, yamlTraps.map(around));
  });

  test('for any text', () => {
    fc.assert(
      fc.property(spec, (value) => expectSame(reader, [value])),
      runs(300),
    );
  });

  test('for the objects of any input', () => {
    fc.assert(
      fc.property(objects, (tenants) => {
        for (const tenant of tenants) expectSame(reader, tenant.objects);
      }),
      runs(40),
    );
  });
});

test('a file of dist is read as the objects that were written, whatever its comments say', () => {
  fc.assert(
    fc.property(objects, (tenants) => {
      for (const { tenant, objects: written } of tenants) {
        expect(loadAll(tenantFile(tenant, written).text).filter((object) => object !== null)).toEqual(
          written,
        );
      }
    }),
    runs(40),
  );
});

// A user without PyYAML has the same check with the YAML 1.1 reader above; where the project is checked, it must run.
const pythonMissing = !hasPyYaml() && process.env.CI !== 'true';
if (pythonMissing) process.stderr.write('left out: what PyYAML reads (python3 -m pip install pyyaml)\n');

describe.runIf(!pythonMissing)('what is written is what PyYAML reads', () => {
  test('for each text that is easily taken for something else', () => {
    expectSame(pyYaml, yamlTraps.map(around));
  });

  test('for any text', () => {
    const { numRuns, seed } = runs(300);
    expectSame(pyYaml, fc.sample(spec, { numRuns, seed }));
  });

  test('for the objects of any input', () => {
    const { numRuns, seed } = runs(40);
    const tenants = fc.sample(objects, { numRuns, seed }).flat();
    expectSame(
      pyYaml,
      tenants.flatMap((tenant) => tenant.objects),
    );
  });
});
