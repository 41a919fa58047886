import type { Attack } from './attack.ts';
import { type Change, type JsonObject, json, removed } from './change.ts';

const withoutIn =
  (file: string, path: readonly string[], isIt: (one: JsonObject) => boolean): Change =>
  (files) => {
    const all = path.reduce<JsonObject>(
      (node, key) => node[key] as JsonObject,
      JSON.parse(files.get(file) ?? '{}'),
    );
    const gone = Object.keys(all).filter((key) => isIt(all[key] as JsonObject));
    json(file, path, Object.fromEntries(gone.map((key) => [key, null])))(files);
  };

/** Takes the trust policy of a role out of dist, and the role out of all templates: some role of the name may be there. */
function unmade(account: string, role: string): Change[] {
  const own = `aws/${account}`;
  const isNamed = (name: string) => (one: JsonObject) => JSON.stringify(one).includes(`${name}"`);
  return [
    removed(`${own}/roles/${role}/trust.json`),
    withoutIn(`${own}/cloudformation.json`, ['Resources'], isNamed(`"RoleName":"${role}`)),
    withoutIn(`${own}/terraform.tf.json`, ['resource', 'aws_iam_role'], isNamed(`"name":"${role}`)),
    withoutIn(
      `${own}/terraform.tf.json`,
      ['resource', 'aws_iam_role_policy'],
      isNamed(`${role}/policy.json\\")}`),
    ),
  ];
}

const says = (role: string) => `nothing makes ${role}, which the operator is given: it has no trust policy`;

/** Roles of operators that nothing in dist makes. */
export const unmadeRoles: readonly Attack[] = [
  {
    tree: 'chain',
    name: 'An association with a role that nothing makes',
    does: 'the operator gets none, or one of that name that lets in whom it likes',
    change: unmade('123456789012', 'eso-controller'),
    finds: {
      rule: 'proof-document',
      file: 'aws/123456789012/pod-identity/prod.json',
      at: '',
      says: says('arn:aws:iam::123456789012:role/eso-controller'),
    },
  },
  {
    tree: 'deployed',
    name: 'A chart that asks for a role that nothing makes',
    does: 'the operator gets none, or one of that name that lets in whom it likes',
    change: unmade('123456789012', 'eso-prod'),
    finds: {
      rule: 'proof-document',
      file: 'operator/prod/helm-values.yaml',
      at: '',
      says: says('arn:aws:iam::123456789012:role/platform/eso-prod'),
    },
  },
];
