import { type Change, type JsonObject, json } from './change.ts';

/** A role beside those of dist: where it stands, and what its documents say. */
interface SecondRole {
  readonly account: string;
  readonly name: string;
  readonly path: string;
  readonly policy: JsonObject;
  readonly trust: JsonObject;
}

/** Puts one more role into dist, with all that makes it. */
export function secondRole({ account, name, path, policy, trust }: SecondRole): Change[] {
  const folder = `aws/${account}/roles/${name}`;
  const file = (document: string) => `\${file("\${path.module}/roles/${name}/${document}.json")}`;
  const properties = {
    RoleName: name,
    Path: path,
    AssumeRolePolicyDocument: trust,
    Policies: [{ PolicyName: 'eso-abac', PolicyDocument: policy }],
  };
  return [
    (files) => {
      files.set(`${folder}/policy.json`, `${JSON.stringify(policy, null, 2)}\n`);
      files.set(`${folder}/trust.json`, `${JSON.stringify(trust, null, 2)}\n`);
    },
    json(`aws/${account}/cloudformation.json`, ['Resources'], {
      Second: { Type: 'AWS::IAM::Role', Properties: properties },
    }),
    json(`aws/${account}/terraform.tf.json`, ['resource'], {
      aws_iam_role: { second: { name, path, assume_role_policy: file('trust') } },
      aws_iam_role_policy: {
        second: { name: 'eso-abac', role: '$'.concat('{aws_iam_role.second.name}'), policy: file('policy') },
      },
    }),
  ];
}
