import { type Guard, noGuard, type Sample } from '../guard/model.ts';
import { readGuard } from '../guard/read.ts';
import { Samples } from '../guard/samples.ts';
import type { FilesByKind } from './by-kind.ts';
import { readSecrets } from './inventory.ts';
import {
  type Cluster,
  type DistSecret,
  type HelmValues,
  type OperatorRole,
  Reading,
  type Tenant,
} from './model.ts';
import type { Mapping } from './store.ts';
import { readTenant } from './tenants.ts';

type Guards = ReadonlyMap<string, Guard>;

/**
 * What keeps tenants from claiming the tags of others, by cluster.
 *
 * @param clusters those that have services, beside those whose platform is among the files
 */
export function readGuards(files: FilesByKind, reading: Reading, clusters: Iterable<string> = []): Guards {
  const platforms = byCluster(files.of('platform'));
  const names = new Set([...platforms.keys(), ...clusters]);
  const known = new Map<string, readonly Mapping[]>();
  return new Map(
    [...names].map((name) => [name, readGuard(name, platforms.get(name) ?? [], reading, known)]),
  );
}

/** What the files of services and secrets say, each by itself: data alone, so that threads can read some each. */
export interface ReadFiles {
  /** By the name of the cluster. */
  readonly services: ReadonlyMap<
    string,
    { readonly tenants: readonly Tenant[]; readonly samples: readonly Sample[] }
  >;
  readonly secrets: readonly DistSecret[];
  readonly reading: Pick<Reading, 'findings' | 'assumptions'>;
}

/** Reads files of services and secrets; others are not looked at. */
export function readServicesAndSecrets(
  files: FilesByKind,
  guards: Guards,
  reading: Reading = new Reading(),
): ReadFiles {
  const secrets = files.of('secrets').flatMap((file): DistSecret[] => readSecrets(file, file.is, reading));
  const services = [...byCluster(files.of('tenant'))].map(([name, own]) => {
    const samples = new Samples(guards.get(name) ?? noGuard(name));
    const tenants = own.flatMap((file) => readTenant(file, name, file.is.service, reading, samples) ?? []);
    return [name, { tenants, samples: samples.all() }] as const;
  });
  const { findings, assumptions } = reading;
  return { services: new Map(services), secrets, reading: { findings, assumptions } };
}

/** What stands once for each cluster, by its name. */
export interface PlatformFiles {
  readonly operators: ReadonlyMap<string, OperatorRole>;
  readonly helmValues: ReadonlyMap<string, HelmValues>;
  readonly guards: Guards;
}

/** A cluster is one with services, with an operator or values for one, or with a platform. */
export function clustersFrom(
  parts: readonly ReadFiles[],
  { operators, helmValues, guards }: PlatformFiles,
): Cluster[] {
  const names = new Set([...operators.keys(), ...helmValues.keys(), ...guards.keys()]);
  return [...names].sort().map((name) => {
    const operator = operators.get(name);
    const values = helmValues.get(name);
    const guard = guards.get(name) ?? noGuard(name);
    const own = parts.flatMap(({ services }) => services.get(name) ?? []);
    const samples = new Samples(guard);
    // Which of those that are alike stands for all must not depend on how files come.
    const found = own.flatMap((part) => part.samples);
    for (const sample of byFile(found, ({ file }) => file)) samples.take(sample);
    return {
      name,
      ...(operator && { operator }),
      ...(values && { helmValues: values }),
      tenants: byFile(
        own.flatMap(({ tenants }) => tenants),
        ({ file }) => file,
      ),
      guard: {
        ...guard,
        operatorAccount: values?.serviceAccount ?? operator?.serviceAccount ?? guard.operatorAccount,
        servedVersions: samples.apiVersions(),
      },
      samples: samples.all(),
    };
  });
}

/** By the name of the file that each comes from; those of one file stay in their order. */
export function byFile<Read>(all: readonly Read[], fileOf: (one: Read) => string): Read[] {
  return [...all].sort((a, b) => (fileOf(a) < fileOf(b) ? -1 : fileOf(a) > fileOf(b) ? 1 : 0));
}

function byCluster<File extends { readonly is: { readonly cluster: string } }>(
  files: readonly File[],
): Map<string, File[]> {
  const clusters = new Map<string, File[]>();
  for (const file of files) {
    const own = clusters.get(file.is.cluster) ?? [];
    clusters.set(file.is.cluster, own);
    own.push(file);
  }
  return clusters;
}
