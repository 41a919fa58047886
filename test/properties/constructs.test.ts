import { App } from 'cdk8s';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolveFleet } from '../../src/fleet/resolve.ts';
import type { KubernetesObject } from '../../src/manifests/kubernetes-object.ts';
import { ServiceChart, tenantObjects } from '../../src/manifests/service-chart.ts';
import { validSpec } from '../support/arbitrary.ts';
import { runs } from '../support/run-compile.ts';

const nowhere = { file: '', start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };

/** With the order of its keys; that of the metadata is for people. */
const inOrder = (object: KubernetesObject) => JSON.stringify({ ...object, metadata: {} });

/** The same for the metadata: its name before its labels, and those by key. */
const metadataForPeople = ({ metadata }: KubernetesObject) => {
  const { name, namespace, labels, annotations } = metadata as Record<string, Record<string, string>>;
  const byKey = (map: Record<string, string> = {}) =>
    Object.fromEntries(
      Object.keys(map)
        .sort()
        .map((key) => [key, map[key]]),
    );
  return JSON.stringify({ name, namespace, labels: byKey(labels), annotations: byKey(annotations) });
};

test('the objects of any tenant, and the order of their fields, are those that the constructs render themselves', () => {
  fc.assert(
    fc.property(validSpec, (input) => {
      const { fleet } = resolveFleet(input, () => nowhere);
      for (const tenant of fleet.tenants) {
        const objects = tenantObjects(tenant, fleet.release);
        const chart = new ServiceChart(new App(), 'service', { tenant, release: fleet.release });
        const rendered = chart.apiObjects.map((object) => object.toJson() as KubernetesObject);
        expect(objects).toEqual(rendered);
        expect(objects.map(inOrder)).toEqual(rendered.map(inOrder));
        expect(objects.map(({ metadata }) => JSON.stringify(metadata))).toEqual(
          rendered.map(metadataForPeople),
        );
        expect(chart.toJson()).toEqual(rendered);
      }
    }),
    runs(300),
  );
});
