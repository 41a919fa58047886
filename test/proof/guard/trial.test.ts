import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { judged } from './judged.ts';
import { binding, namespace, policy, role, roleBinding, rule } from './platform.ts';

const mayClaim = "authorizer.group('eso-abac').resource('identities').check('claim').allowed()";
const anything = ['secretstores', '*/*'].map((resource) =>
  rule({ apiGroups: ['*'], resources: [resource], operations: ['*'] }),
);
const secretsAlone = rule({ resources: ['externalsecrets'] });
const rights = [role(), roleBinding(), namespace()];

/** A policy with these validations, in force. */
const validating = (
  texts: readonly string[],
  about: Mapping | readonly Mapping[] = anything,
  name = 'stores',
) => [
  policy(
    {
      matchConstraints: { resourceRules: [about].flat() },
      validations: texts.map((expression) => ({ expression })),
    },
    name,
  ),
  binding({}, name),
];
const judge = (...objects: readonly Mapping[]) => judged([...objects, ...rights]);
const messages = (...objects: readonly Mapping[]) =>
  judge(...objects).findings.map(({ message }) => message.replace('in cluster "prod" ', ''));

const other =
  "object != null && object.?spec.?provider.orValue({}).size() == 1 && !('aws' in object.spec.provider)";

describe('a trial', () => {
  it('is none where one of the policies cannot be judged', () => {
    const { cases, findings } = judge(
      ...validating(['object.metadata.uid == "a"', 'object.matches("a")'], secretsAlone, 'unclear'),
      ...validating([mayClaim]),
    );
    expect(findings).toHaveLength(2);
    expect(cases).toBe(0);
  });

  it('takes a name for allowed where a policy names it, and for a forgery where none does', () => {
    const fake = 'tenants in cluster "prod" may have fake, which its policies name';
    expect(judge(...validating([`${mayClaim} || ${other}`])).assumptions).not.toContain(fake);
    expect(messages(...validating([`${mayClaim} || ${other}`]))[0]).toMatch(
      /^ledger can create a SecretStore with the provider fake: no validation refuses it; also: /,
    );
    const named = judge(
      ...validating([`${mayClaim} || ${other}`]),
      ...validating(["object.metadata.name != 'fake'"], secretsAlone, 'other'),
    );
    expect(named.assumptions).toContain(fake);
    expect(named.assumptions.join()).not.toContain('undefined');
  });

  it('stops at a real object that is refused and cannot be judged', () => {
    const both = validating(["object.spec.secretRef == 'a'", "request.kind.kind != 'SecretStore'"], rule());
    expect(messages(...both)).toEqual([
      'administrator cannot create the SecretStore eso: stores refuses it; also: apply the SecretStore eso',
    ]);
  });

  it("is by deployers too, for what is nobody's", () => {
    expect(messages(...validating([mayClaim], secretsAlone, 'secrets'))).toContain(
      "ledger can create an ExternalSecret with a ClusterSecretStore, as administrator: no validation refuses it; also: create, in a namespace of no service, an ExternalSecret with a service account's token",
    );
    const roles = rule({ apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'] });
    expect(messages(...validating([mayClaim], roles, 'rights')).join()).not.toContain('as administrator');
  });

  it('looks closer at what a validation alone refuses', () => {
    const isOrders =
      "object.?spec.?provider.?aws.?sessionTags.orValue([]).exists(tag, tag.value == 'not-ledger')";
    expect(messages(...validating([mayClaim, `${mayClaim} || !(object != null && ${isOrders})`]))[0]).toBe(
      "ledger can create a SecretStore with the tag of a shared identity that it is not given, as administrator: no validation refuses it; also: a SecretStore with the tag of another service, in a namespace of no service, a SecretStore with the operator's identity",
    );
  });
});
