import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { judgeGuards } from '../../../src/proof/guard/judge.ts';
import { judged } from './judged.ts';
import { binding, guardOf, namespace, platformOf, policy, role, roleBinding, rule } from './platform.ts';
import { sampleOf } from './service.ts';

const about = (apiGroups: readonly string[], ...resources: readonly string[]) =>
  rule({ apiGroups, resources, operations: ['*'] });
const validating = (name: string, expression: string, resourceRule: Mapping) => [
  policy({ matchConstraints: { resourceRules: [resourceRule] }, validations: [{ expression }] }, name),
  binding({}, name),
];
const messages = (objects: readonly Mapping[], samples = [sampleOf()]) =>
  judged([...objects, namespace()], samples).findings.map(({ message }) =>
    message.replace('in cluster "prod" ', ''),
  );

describe('a forgery that passes is the fault of', () => {
  const pushed = 'create a PushSecret: no validation refuses it';
  const operators = about(['external-secrets.io'], '*');

  /** The policy that a finding points at, by the number of the documents before it. */
  const blamed = (rules: readonly Mapping[], what: string) => {
    const objects = [...rules.flatMap((one, at) => validating(`policy-${at}`, 'true', one)), namespace()];
    const lines = platformOf(objects).text.split('\n');
    const { findings } = judged(objects);
    const { location } =
      findings.find(({ message }) => message.includes(what)) ?? expect.fail(JSON.stringify(findings));
    const before = lines.slice(0, location?.start.line).filter((line) => line === '---').length;
    return (before - 1) / 2;
  };

  it.each([
    [
      'the policy about its very resource',
      [operators, about(['external-secrets.io'], 'pods', 'pushsecrets')],
      pushed,
      1,
    ],
    ['the policy about its group', [about(['apps'], '*'), operators], 'create a ClusterSecretStore: ', 1],
    [
      'the policy about everything',
      [about(['apps'], '*'), about(['*'], '*')],
      'create a ClusterSecretStore: ',
      1,
    ],
    ['the first of two', [operators, operators], 'create a ClusterSecretStore: ', 0],
    ['none about everything, for what has its own', [operators], 'no policy is about secretstores', 1],
    ['none, where none is about it', [about(['apps'], '*')], 'no policy is about secretstores', 1],
  ])('%s', (_, rules, what, index) => {
    expect(blamed(rules, what)).toBe(index);
  });
});

describe('findings of one kind are one', () => {
  const everyday = (name: string, resource: string) =>
    validating(name, "request.name != 'mine'", about(['external-secrets.io'], resource));

  it('for each policy that refuses everyday work', () => {
    const refused = messages([
      ...everyday('stores', 'secretstores'),
      ...everyday('secrets', 'externalsecrets'),
    ]);
    expect(refused.filter((one) => one.includes(' cannot '))).toEqual([
      'tenant cannot write an ExternalSecret of its own store: secrets refuses it',
      'system:serviceaccount:ledger:default cannot write a SecretStore that claims what its namespace may: stores refuses it',
    ]);
  });

  it('for real objects and for everyday work', () => {
    const other = sampleOf((text) => text.replaceAll('ledger', 'orders').replace('name: eso', 'name: mine'));
    const refused = messages(everyday('stores', 'secretstores'), [other, sampleOf()]);
    expect(refused.filter((one) => one.includes(' cannot '))).toEqual([
      'administrator cannot create the SecretStore mine: stores refuses it; also: apply the SecretStore mine',
      'system:serviceaccount:ledger:default cannot write a SecretStore that claims what its namespace may: stores refuses it',
    ]);
  });

  it('and name no more than two others', () => {
    const refuse = (...names: readonly string[]) =>
      messages(
        validating(
          'stores',
          `!(request.operation in [${names.map((name) => `'${name}'`).join()}])`,
          about(['external-secrets.io'], 'secretstores', 'externalsecrets'),
        ),
      )[0];
    expect(refuse('CREATE')).toBe(
      'administrator cannot create the SecretStore eso: stores refuses it; also: create the ExternalSecret db',
    );
    expect(refuse('CREATE', 'UPDATE')).toBe(
      'administrator cannot create the SecretStore eso: stores refuses it; also: apply the SecretStore eso, create the ExternalSecret db, and others',
    );
  });
});

describe('what a platform is read as', () => {
  it('has its roles and bindings as they are', () => {
    const { roles, bindings, grants, servedVersions } = guardOf(role(), roleBinding());
    expect(roles).toEqual([{ name: 'eso-abac-deployer', object: role() }]);
    expect(bindings).toEqual([{ name: 'eso-abac-deployers', object: roleBinding() }]);
    expect(grants).toEqual([
      {
        subject: { kind: 'User', name: 'ci', namespace: '' },
        rights: [{ apiGroups: ['eso-abac'], resources: ['identities'], verbs: ['claim'], resourceNames: [] }],
      },
    ]);
    expect(servedVersions).toEqual([]);
    const roleRef = { kind: 'ClusterRole', name: 'admin' };
    expect(guardOf(role(), roleBinding({ roleRef })).grants).toMatchObject([{ rights: [] }]);
  });

  it('names all policies beside a binding of none', () => {
    const objects = [
      ...validating('a', 'true', rule()),
      ...validating('b', 'true', rule()),
      binding({}, 'c'),
    ];
    expect(guardOf(...objects).findings).toMatchObject([
      { message: 'there is no policy "c"', allowed: 'a, b' },
    ]);
  });

  it('is nothing where there is no file', () => {
    const cluster = { name: 'prod', tenants: [] };
    const dist = { roles: new Map(), clusters: [cluster], secrets: [], guards: new Map() };
    const { findings, cases } = judgeGuards(new Map(), dist, { identityKey: 'team', keys: ['team'] });
    expect(cases).toBe(0);
    expect(findings).toMatchObject([
      {
        rule: 'proof-guard',
        message: expect.stringContaining('has no admission policies'),
        location: { file: 'clusters/prod/platform/namespace.yaml', start: { line: 1 } },
      },
    ]);
  });
});
