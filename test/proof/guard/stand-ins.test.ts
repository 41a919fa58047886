import { describe, expect, it } from 'vitest';
import { proveDist } from '../../../src/proof/prove/prove.ts';
import { filesOf } from '../fleets.ts';

const prove = (input: string) => proveDist(filesOf(input));
const of = (attacks: ReturnType<typeof prove>['attacks'], cluster: string) =>
  attacks.filter(({ clusters }) => clusters.includes(cluster)).length;

/** Clusters whose policies differ in all that they can, and of which one alone has services. */
const differing = `
version: 1
aws:
  account: "123456789012"
  externalId: audit
  roleChain: ["bridge-{cluster.name}"]
  controllerRole: "eso-{cluster.name}"
abac:
  tags:
    environment: "{cluster.environment}"
    cluster: "{cluster.name}"
    owner: "{cluster.environment}-{service}-{cluster.name}-{service}"
clusters:
  prod: { region: us-west-2, environment: prod }
  prod-eu: { region: eu-west-1, environment: prod, account: "210987654321" }
  staging: { region: us-west-2, environment: staging }
services:
  - { name: prod, clusters: [prod], secrets: [prod/db] }
  - { name: staging-prod, clusters: [prod], secrets: [staging/db] }
shared:
  - { name: prod-datadog, services: [prod], secrets: [datadog/key] }
`;

describe('clusters without services', () => {
  it('are tried by what those of another cluster have, with the texts of their own policies', () => {
    const { findings, attacks } = prove(differing);
    expect(findings).toEqual([]);
    expect(of(attacks, 'prod')).toBeGreaterThan(100);
    expect(of(attacks, 'prod-eu')).toBe(of(attacks, 'prod'));
    expect(of(attacks, 'staging')).toBe(of(attacks, 'prod'));
  });

  it('are tried however often the name of a service stands in a tag, by itself or as part of the rest', () => {
    const { findings, attacks } = prove(`
version: 1
aws: { account: "123456789012", controllerRole: "eso-{cluster.name}" }
abac: { tags: { owner: "${'{service}a'.repeat(25)}" } }
clusters:
  a: { region: us-west-2 }
  b: { region: eu-west-1 }
services:
  - { name: a, clusters: [a], secrets: [a/db] }
`);
    expect(findings).toEqual([]);
    expect(of(attacks, 'b')).toBe(of(attacks, 'a'));
  });

  it('are taken for granted where no cluster with services has policies', () => {
    const { findings, assumptions } = prove(`
version: 1
aws: { account: "123456789012" }
clusters:
  old: { region: us-west-2, kubernetes: "1.29", guard: false }
  next: { region: eu-west-1 }
services:
  - { name: ledger, clusters: [old], secrets: [ledger/db] }
`);
    expect(findings.map(({ rule }) => rule)).toEqual(['guard-off']);
    expect(assumptions).toContain(
      'the admission policies of cluster "next" are right: no cluster with policies has services',
    );
  });

  it('are taken for granted where there are secrets and no services, as in a shard', () => {
    const { findings, assumptions } = proveDist(
      filesOf(differing).filter(({ path }) => !path.includes('/services/')),
    );
    expect(findings).toEqual([]);
    for (const name of ['prod', 'prod-eu', 'staging'])
      expect(assumptions).toContain(
        `the admission policies of cluster "${name}" are right: no cluster with policies has services`,
      );
  });
});
