import { describe, expect, it } from 'vitest';
import { readPlainYaml } from '../../../src/proof/files/plain-yaml.ts';
import type { Mapping } from '../../../src/proof/files/store.ts';
import type { Guard } from '../../../src/proof/guard/model.ts';
import { Samples } from '../../../src/proof/guard/samples.ts';
import { binding, guardOf, policy, role, roleBinding, rule } from './platform.ts';

const service = `---
apiVersion: v1
kind: Namespace
metadata:
  name: ledger
  labels:
    eso-abac/service: ledger
    team: money
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: eso
  namespace: ledger
spec:
  provider:
    aws:
      role: access
      additionalRoles:
        - hop
      sessionTags:
        - key: team
          value: ledger
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: db
  namespace: ledger
spec:
  secretStoreRef:
    name: eso
  dataFrom:
    - extract:
        key: ledger/db
  data:
    - secretKey: user
      remoteRef:
        key: user
    - secretKey: password
      remoteRef:
        key: password
`;

/** A policy with one validation, and what else it is about. */
const guardWith = (expression: string, matchConstraints: Mapping = {}, ...more: readonly Mapping[]) =>
  guardOf(
    policy({
      matchConstraints: { resourceRules: [rule()], ...matchConstraints },
      validations: [{ expression }],
    }),
    ...more,
  );

/** Whether a file with a change is like the one without, by its lines and by its objects: both must say the same. */
function isAlike(guard: Guard, change: (text: string) => string, base = service): boolean {
  const [samples, shapes] = [new Samples(guard), new Samples(guard)];
  const [before, after] = [base, change(base)].map((text) => readPlainYaml(text, 64) ?? expect.fail(text));
  const objects = (documents = before) => documents?.map(({ object }) => object) ?? [];
  samples.add('a.yaml', objects(), before);
  shapes.add('a.yaml', objects());
  const isKnown = samples.knows(after ?? []);
  shapes.add('b.yaml', objects(after));
  expect(shapes.all()).toHaveLength(isKnown ? 1 : 2);
  return isKnown;
}

const replaced = (from: string | RegExp, to: string) => (text: string) => text.replaceAll(from, to);
const alike = true;
const compares = (text: string) => guardWith(`object.metadata.name == '${text}'`);
const begins = (text: string) => guardWith(`object.metadata.name.startsWith('${text}')`);
const selecting = (selector: Mapping) => ({ objectSelector: selector });
const shipping = replaced('ledger', 'shipping');
const subjects = [
  { kind: 'User', name: 'a:b:shipping' },
  { kind: 'ServiceAccount', name: 'ci', namespace: 'billing' },
];
const grants = guardOf(role(), roleBinding({ subjects }));

describe('two services are alike to a guard', () => {
  it.each([
    ['the same', compares('a'), (text: string) => text, alike],
    ['of other names', compares('a'), shipping, alike],
    [
      'of other names throughout',
      compares('a'),
      replaced(/ledger|eso$|money|db|user|password/g, 'x$&'),
      alike,
    ],
    ['of a name that a policy compares with', compares('shipping'), shipping, !alike],
    ['of a name that was compared with', compares('ledger'), shipping, !alike],
    ['of a name with a part that a policy compares with', begins('ship'), shipping, !alike],
    ['of a name that has it elsewhere', begins('ping'), shipping, !alike],
    ['of a name with the same part', begins('led'), replaced('ledger', 'ledges'), alike],
    ['of names with a part and another rest', begins('led'), replaced('ledger', 'ledled'), !alike],
    ['of a name that is the part', begins('led'), replaced('ledger', 'led'), !alike],
    ['of a name with signs of patterns', begins('.ed'), replaced('ledger', 'x.ed'), !alike],
    ['of a name that a pattern would match', begins('.hip'), shipping, alike],
    [
      'of a name with the longer of two parts',
      guardWith("object.a.startsWith('sh') || object.a.startsWith('ship')"),
      shipping,
      !alike,
    ],
    [
      'with two names that were one',
      compares('a'),
      (text: string) => text.replace('name: ledger', 'name: other'),
      !alike,
    ],
    ['with one name that was two', compares('a'), replaced('money', 'ledger'), !alike],
    ['with a name like the text of another field', compares('a'), replaced('access', 'money'), !alike],
    [
      'with names in another order',
      compares('a'),
      (text: string) => text.replace('role: access', 'role: eso'),
      !alike,
    ],
    ['with another label', compares('a'), replaced('team', 'squad'), alike],
    [
      'with a label that a policy compares with',
      compares('squad'),
      replaced('team: money', 'squad: money'),
      !alike,
    ],
    ['with a label more', compares('a'), replaced('team: money', 'team: money\n    tier: gold'), !alike],
    ['of a name with something before the part', begins('led'), replaced('ledger', 'xledger'), !alike],
    ['of a name with something else before the part', begins('ed'), replaced('ledger', 'medger'), alike],
    ['of a name that ends as it begins', begins('ed'), replaced('ledger', 'gerEdger'), !alike],
    [
      'of a name with the same before and behind the part',
      begins('ed'),
      replaced('ledger', 'geredger'),
      !alike,
    ],
    ['of a name with the part twice', begins('ed'), replaced('ledger', 'ledgered'), !alike],
    [
      'of a name with the shorter part',
      guardWith("object.a.startsWith('led') || object.a.startsWith('ledge')"),
      replaced('ledger', 'ledxx'),
      !alike,
    ],
    [
      'of a name with a piece that a policy compares with',
      guardWith("object.a.startsWith('led') || object.a == 'ges'"),
      replaced('ledger', 'ledges'),
      !alike,
    ],
    [
      'with a Namespace more',
      compares('a'),
      (text: string) => `${text}${text.slice(0, text.indexOf('---', 3))}`,
      alike,
    ],
    ['with a field beside its parent', compares('a'), replaced('    team: money', '  team: money'), !alike],
    [
      'with a tag that is two',
      compares('a'),
      replaced('          value: ledger', '        - value: ledger'),
      !alike,
    ],
    ['with a text for a mapping', compares('a'), replaced('- hop', '- role: hop'), !alike],
    ['with a mapping for a list', compares('a'), replaced('    - extract:', '    extract:'), !alike],
    ['with one name that was two, at the end', compares('a'), replaced('password', 'user'), !alike],
    ['with another rest at the end', begins('pass'), replaced(/password\n$/g, 'passwork\n'), !alike],
    ['with another beginning at the end', begins('word'), replaced(/password\n$/g, 'pasxword\n'), !alike],
    [
      'with an annotation more',
      compares('a'),
      (text: string) => text.replace('  name: eso', '  annotations:\n    a: b\n  name: eso'),
      !alike,
    ],
    ['with another field', compares('a'), replaced('role: access', 'rule: access'), !alike],
    [
      'with another kind of field',
      compares('a'),
      replaced('role: access', 'role:\n        - access'),
      !alike,
    ],
    [
      'with two entries of data alike',
      compares('a'),
      replaced(/ {4}- secretKey: password\n.*\n.*password\n/g, ''),
      !alike,
    ],
    [
      'with more tags',
      compares('a'),
      replaced('value: ledger', 'value: ledger\n        - key: team\n          value: ledger'),
      !alike,
    ],
    [
      'without its secret',
      compares('a'),
      replaced(/---\napiVersion: .*\nkind: ExternalSecret[\s\S]*/g, ''),
      alike,
    ],
    [
      'with a secret more',
      compares('a'),
      (text: string) => `${text}${text.slice(text.lastIndexOf('---'))}`,
      alike,
    ],
    ['without its store', compares('a'), replaced(/kind: SecretStore/g, 'kind: Another'), !alike],
    [
      'with a name that selects',
      guardWith('true', selecting({ matchLabels: { a: 'shipping' } })),
      shipping,
      !alike,
    ],
    [
      'with a label that selects',
      guardWith('true', selecting({ matchLabels: { shipping: 'a' } })),
      shipping,
      !alike,
    ],
    [
      'with a key that a selector asks for',
      guardWith('true', selecting({ matchExpressions: [{ key: 'shipping', operator: 'Exists' }] })),
      shipping,
      !alike,
    ],
    [
      'with a value among some',
      guardWith(
        'true',
        selecting({ matchExpressions: [{ key: 'a', operator: 'In', values: ['b', 'shipping'] }] }),
      ),
      shipping,
      !alike,
    ],
    [
      'with a value for its namespace',
      guardWith('true', { namespaceSelector: { matchLabels: { a: 'shipping' } } }),
      shipping,
      !alike,
    ],
    [
      'with a name that a rule names',
      guardWith('true', { resourceRules: [rule({ resourceNames: ['shipping'] })] }),
      shipping,
      !alike,
    ],
    [
      'with a name that a rule excludes',
      guardWith('true', { excludeResourceRules: [rule({ resourceNames: ['shipping'] })] }),
      shipping,
      !alike,
    ],
    [
      'with a name that a binding selects',
      guardWith(
        'true',
        {},
        binding({ matchResources: { objectSelector: { matchLabels: { a: 'shipping' } } } }),
      ),
      shipping,
      !alike,
    ],
    [
      'with a name in a condition',
      guardOf(policy({ matchConditions: [{ name: 'a', expression: "object.a == 'shipping'" }] })),
      shipping,
      !alike,
    ],
    [
      'with a name in a variable',
      guardOf(policy({ variables: [{ name: 'a', expression: "object.a == 'shipping'" }] })),
      shipping,
      !alike,
    ],
    ['with the namespace of whom dist names', grants, replaced('ledger', 'billing'), !alike],
    ['with a namespace in a name of dist', grants, shipping, !alike],
    ['with another name of dist', grants, replaced('ledger', 'ci'), alike],
    ['with a name of nobody', compares(''), shipping, alike],
    ['with no part', begins(''), shipping, alike],
  ])('%s', (_, guard, change, is) => {
    expect(isAlike(guard, change)).toBe(is);
  });
});

it('a text for a mapping is not alike', () => {
  const base = service.replace('- hop', '- role: hop');
  expect(isAlike(compares('a'), replaced('- role: hop', '- hop'), base)).toBe(!alike);
});

describe('samples', () => {
  const objectsOf = (text: string) => (readPlainYaml(text, 64) ?? []).map(({ object }) => object);
  const added = (...texts: readonly string[]) => {
    const samples = new Samples(compares('kept'));
    for (const [index, text] of texts.entries()) samples.add(`${index}.yaml`, objectsOf(text));
    return samples;
  };

  it('are the first of their kind, with their documents', () => {
    const [sample, ...others] = added(service, shipping(service)).all();
    expect(others).toEqual([]);
    const [namespace, store, secret] = objectsOf(service);
    expect(sample).toMatchObject({
      file: '0.yaml',
      namespace,
      stores: [store],
      externalSecrets: [secret],
      isAgain: false,
    });
    expect([...(sample?.documents ?? [])]).toEqual([
      ['Namespace ledger', 0],
      ['SecretStore eso', 1],
      ['ExternalSecret db', 2],
    ]);
  });

  it('are taken once more for ExternalSecrets alone', () => {
    const other = service.replace('secretKey: user', 'secretKey: kept');
    const [, again, ...others] = added(service, other, other).all();
    expect(others).toEqual([]);
    expect(again).toMatchObject({ file: '1.yaml', isAgain: true, externalSecrets: [objectsOf(other)[2]] });
    expect(again?.secretShapes).toHaveLength(1);
    const both = `${other}${service.slice(service.lastIndexOf('---')).replace('name: db', 'name: tls')}`;
    expect(added(service, both).all()[1]?.secretShapes).toHaveLength(1);
    expect(added(service, both).all()[1]?.externalSecrets).toEqual([objectsOf(both)[2]]);
  });

  it('are known by parts of several', () => {
    const samples = new Samples(compares('kept'));
    const secret = service.slice(service.lastIndexOf('---'));
    const other = secret.replace('secretKey: user', 'secretKey: kept').replace('name: db', 'name: tls');
    const read = (text: string) => readPlainYaml(text, 64) ?? [];
    for (const text of [service, service.replace(secret, other)])
      samples.add('a.yaml', objectsOf(text), read(text));
    expect(samples.knows(read(shipping(`${service}${other}`)))).toBe(true);
    expect(samples.knows(read(`${service}${other.replace('key: user', 'key: kept')}`))).toBe(false);
    expect(samples.knows(read(secret))).toBe(false);
    expect(samples.knows([])).toBe(false);
  });

  it('begin with the Namespace, wherever it stands', () => {
    const [namespace, ...rest] = service.split(/^(?=---)/m);
    expect(added([...rest, namespace].join('')).all()).toHaveLength(1);
    expect(added(rest.join('')).all()).toEqual([]);
  });

  it('tell which versions of the API are served', () => {
    const older = replaced('external-secrets.io/v1', 'external-secrets.io/v1beta1')(service);
    expect(added(service, older.replace('role: access', 'role: kept')).apiVersions()).toEqual([
      'v1',
      'v1beta1',
    ]);
    expect(added().apiVersions()).toEqual([]);
  });

  it('of other collections are taken where they are new', () => {
    const [first, second] = [
      added(service).all(),
      added(shipping(service), service.replace('role: access', 'role: kept')).all(),
    ];
    const all = new Samples(compares('kept'));
    for (const one of [...first, ...second]) all.take(one);
    expect(all.all()).toEqual([first[0], second[1]]);
  });
});
