import { describe, expect, it } from 'vitest';
import { diffDists } from '../../src/diff/diff.ts';
import { edited, filesOf, said } from './inputs.ts';

const key = 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const comparison = '"secretsmanager:ResourceTag/ekssecret": "$'.concat('{aws:PrincipalTag/ekssecret}"');
const condition = `"StringEquals": {\n          ${comparison}\n        },\n        `;

describe('what somebody changed by hand', () => {
  const files = filesOf();
  const weak = edited(files, /roles\/eso-secrets-access\/policy\.json$/, condition, '');

  it('a policy that no longer compares tags is the first thing that is said', () => {
    const { changes, grants } = diffDists(files, weak);
    const sentences = changes.map(said);
    expect(sentences[0]).toMatch(/^! proof: the proof fails where it did not before: /);
    expect(sentences).toContain(
      '! policy: the policy of role eso-secrets-access of account 123456789012 no longer asks for StringEquals secretsmanager:resourcetag/ekssecret in statement ReadOwnSecrets',
    );
    expect(sentences).toContain('! grant: orders in prod can now read payments/api');
    expect(grants?.map(({ service, secret }) => `${service} ${secret}`)).toEqual([
      'orders payments/api',
      'payments orders/db',
    ]);
  });

  it('mending it takes the access away again, and is no danger', () => {
    const { changes, revocations } = diffDists(weak, files);
    expect(revocations).toHaveLength(2);
    expect(changes.filter(({ danger }) => danger)).toEqual([]);
  });

  it('a trust policy that lets in somebody else', () => {
    const controller = '"aws:PrincipalArn": "arn:aws:iam::123456789012:role/eso-prod"';
    const open = edited(
      files,
      /roles\/eso-secrets-access\/trust\.json$/,
      controller,
      controller.replace('eso-prod', '*'),
    );
    const sentences = diffDists(files, open).changes.map(said);
    expect(sentences).toContainEqual(expect.stringMatching(/^! proof: .*can assume/));
    expect(sentences).toContainEqual(
      expect.stringMatching(/^! trust: .* arn:aws:iam::123456789012:role\/\* can now assume the role$/),
    );
  });

  it('a key that may no longer be used leaves a read in part', () => {
    const kms = filesOf({ aws: `, kms: { keys: ["${key}"] }` });
    const without = edited(kms, /policy\.json$/, '"kms:Decrypt"', '"kms:DescribeKey"');
    const { changes, grants, revocations } = diffDists(kms, without);
    expect(changes.map(said)).toContain(
      '! revocation: orders in prod can read orders/db in part only: kms:Decrypt is refused',
    );
    expect(grants?.map(({ without: action }) => action)).toEqual(['kms:Decrypt', 'kms:Decrypt']);
    expect(revocations?.map(({ without: action }) => action)).toEqual([undefined, undefined]);
  });

  it('a policy of the cluster that goes, or no longer denies', () => {
    const gone = files.filter(({ path }) => !path.endsWith('admission-secretstores.yaml'));
    expect(diffDists(files, gone).changes.map(said)).toEqual(
      expect.arrayContaining([
        '! guard: in prod ValidatingAdmissionPolicy eso-abac-secretstores goes',
        '! guard: in prod ValidatingAdmissionPolicyBinding eso-abac-secretstores goes',
      ]),
    );
    const warning = edited(files, /admission-secretstores\.yaml$/, '- Deny', '- Warn');
    expect(diffDists(files, warning).changes.map(said)).toContain(
      '! guard: in prod ValidatingAdmissionPolicyBinding eso-abac-secretstores differs: look at its fields below',
    );
  });

  it('a store that claims what its namespace may not', () => {
    const forged = edited(files, /services\/orders\.yaml$/, 'value: orders', 'value: payments');
    const { changes } = diffDists(files, forged);
    expect(changes.map(said)).toEqual(
      expect.arrayContaining([
        '! grant: orders in prod can now read payments/api',
        '! tag: orders in prod passes ekssecret=payments in place of ekssecret=orders',
        'revocation: orders in prod can no longer read orders/db',
      ]),
    );
  });

  it('a file that is not ours stays, and nothing is said of what is in it', () => {
    const theirs = [
      'aws/123456789012/theirs.json',
      'clusters/prod/services/theirs.yaml',
      'gitops/theirs.yaml',
      'operator/theirs.yaml',
    ];
    const before = ['README.md', ...theirs].map((path) => ({ path, text: 'kind: Secret\n' }));
    const diff = diffDists([...files, ...before], files);
    expect(diff).toMatchObject({ changes: [], objects: [] });
    expect(diff.notes).toEqual(
      theirs.map((path) => `${path} was not written by eso-abac: it stays, and is not looked at here`),
    );
  });

  it('a file that cannot be read is said to be so', () => {
    const broken = edited(files, /services\/orders\.yaml$/, 'kind: SecretStore', 'kind: [');
    const { changes, objects } = diffDists(broken, files);
    expect(changes.map(said)).toContainEqual(
      expect.stringMatching(/^! unread: .*orders\.yaml holds something before/),
    );
    expect(objects.flatMap((one) => one.objects).flatMap(({ fields }) => fields)).toEqual([
      { path: '(the file could not be read)' },
    ]);
  });
});
