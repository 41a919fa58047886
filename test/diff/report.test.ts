import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { diffDists } from '../../src/diff/diff.ts';
import type { DistFile } from '../../src/dist/index.ts';
import type { DiffReport } from '../../src/report/diff.ts';
import { diffJson, diffJsonSchema } from '../../src/report/diff-json.ts';
import { commentMarker, diffMarkdown } from '../../src/report/diff-markdown.ts';
import { diffText } from '../../src/report/diff-text.ts';
import { outsideSpans } from '../hostile/attacks.ts';
import { edited, filesOf, orders, payments, prod } from './inputs.ts';

function report(before: readonly DistFile[], after: readonly DistFile[], name = 'origin/main'): DiffReport {
  const base = { flag: '--base', name, commit: '0123456789abcdef', isEmpty: before.length === 0 } as const;
  return { base, diff: diffDists(before, after), findings: [] };
}

/** Services with a secret each. */
function services(count: number, secret = 'db'): string[] {
  return Array.from(
    { length: count },
    (_, index) => `{ name: s${index}, clusters: [prod], secrets: [s${index}/${secret}] }`,
  );
}

/** GitHub's limit for the body of a comment. */
const maxComment = 65_536;

describe('a comment on a pull request', () => {
  it('says in its first lines what a reviewer has to know', () => {
    const more = filesOf({
      services: [payments, '{ name: billing, clusters: [prod], secrets: [billing/db] }'],
    });
    const [marker, title, ...rest] = diffMarkdown(report(filesOf(), more)).split('\n');
    expect(marker).toBe('<!-- eso-abac diff -->');
    expect(title).toBe('### ⚠️ 1 danger, 1 grant, 1 revocation, 4 files');
    expect(rest.slice(0, 10).join('\n')).toBe(
      `
compared with \`origin/main\` (\`0123456789ab\`)

#### Dangers

- ⚠️ \`orders\` is removed from \`prod\`: it can no longer read \`orders/db\`; namespace \`orders-ns\` and what is in it stays until somebody deletes it

#### Access

- \`billing\` is new in \`prod\` and can read \`billing/db\``,
    );
  });

  it('says that nothing changes', () => {
    const files = filesOf();
    expect(diffMarkdown(report(files, files))).toBe(
      `${commentMarker}\n### Nothing changes\n\ncompared with \`origin/main\` (\`0123456789ab\`)\n\n`,
    );
    expect(diffText(report(files, files), false)).toBe('nothing changes, compared with origin/main\n');
  });

  it('says of 500 new services and 500 that go how many there are, and keeps below the limit', () => {
    const before = filesOf({ services: [payments, ...services(500)] });
    const after = filesOf({
      services: [payments, ...services(500).map((line) => line.replaceAll(/\bs(?=\d)/g, 't'))],
    });
    const comment = diffMarkdown(report(before, after));
    expect(comment.length).toBeLessThan(maxComment);
    expect(comment).toContain('### ⚠️ 500 dangers, 500 grants, 500 revocations, 2000 files');
    expect(comment).toContain(
      '- ⚠️ 500 services are gone from `prod` and can no longer read their secrets; their namespaces stay until somebody deletes them: `s0`, `s1`, `s10` and 497 more',
    );
    expect(comment).toContain(
      '- 500 services are new in `prod` and can read what is named for them: `t0`, `t1`',
    );
    const left = [
      ...comment.matchAll(/^- … and (\d+) more: `eso-abac diff --base origin\/main` prints all$/gm),
    ];
    expect(left).toHaveLength(2);
    const shown = comment.slice(comment.indexOf('Each of them'), comment.indexOf('</details>'));
    expect((shown.match(/^- (?!…)/gm) ?? []).length + Number(left[0]?.[1])).toBe(1000);
    expect(comment.match(/<details>/g)).toHaveLength(comment.match(/<\/details>/g)?.length ?? 0);
  });

  it('says a change of the operator once for all objects that it is in', () => {
    const all = [payments, ...services(120)];
    const comment = diffMarkdown(
      report(filesOf({ version: '1.1.0', services: all }), filesOf({ services: all })),
    );
    expect(comment.length).toBeLessThan(6_000);
    expect(comment).toContain('- `SecretStore` `spec.provider.aws.sessionTagsPolicy` + `None`: 121 objects');
    expect(comment).toContain(
      '- `ExternalSecret` `spec.data[].remoteRef.conversionStrategy` - `Default`: 121 objects',
    );
    expect(comment).toMatch(/^### 122 files$/m);
  });

  it('keeps below the limit whatever is long: many dangers of different kinds, long names', () => {
    const long = (index: number) => `${'n'.repeat(50)}${index}`;
    const named = (secret: (index: number) => string) =>
      Array.from(
        { length: 300 },
        (_, index) =>
          `{ name: ${long(index)}, namespace: ${long(index)}, clusters: [prod], secrets: ["${secret(index)}"] }`,
      );
    const before = filesOf({ services: named((index) => `${'a/'.repeat(100)}${index}`) });
    const after = filesOf({ services: named((index) => `${'a/'.repeat(100)}${299 - index}`) });
    const comment = diffMarkdown(report(before, after));
    expect(comment.length).toBeLessThan(maxComment);
    expect(comment).toMatch(/^### ⚠️ 300 dangers, 300 grants, 300 revocations/m);
    expect(comment).toMatch(/^- … and \d+ more: /m);
  });

  it.each([
    ['a mention', '@octocat/team'],
    ['a reference', 'octo/repo#1 GH-1 #1'],
    ['a link', '[click](https://evil.example) https://evil.example'],
    ['HTML', '</details><script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['a comment', '--><!-- eso-abac diff -->'],
    ['a code span that ends', '`` ` ``` @octocat `'],
    ['lines', 'a\n\n# heading\n- @octocat\r\n<b>'],
    ['signs that turn text around', '\u202e\u2066@octocat\u200b\u0007\u001b[31m'],
  ])('%s in a name stays a name', (_, name) => {
    const hostile = edited(
      filesOf(),
      /services\/orders\.yaml$/,
      'value: orders',
      `value: ${JSON.stringify(name)}`,
    );
    const renamed = hostile.map((file) => ({
      ...file,
      path: file.path.replace('orders.yaml', `${name.replaceAll('/', '')}.yaml`),
    }));
    const before = report(renamed, filesOf(), `origin/${name}`);
    const comment = diffMarkdown(before);
    const outside = comment.split('\n').map(outsideSpans).join('\n');
    expect(outside).not.toMatch(/octocat|evil|script|onerror|heading|<b>/);
    expect(
      comment.split('\n').filter((line) => line.includes(commentMarker) && line.startsWith('<')),
    ).toEqual([commentMarker]);
    expect(comment + diffText(before, false)).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(comment).toContain('⚠️');
  });
});

describe('text', () => {
  it('shows sentences, steps and fields', () => {
    const after = filesOf({
      services: ['{ name: payments, clusters: [prod], secrets: [payments/api, payments/db] }', orders],
    });
    expect(diffText(report(filesOf(), after), false)).toBe(`1 grant, 2 files, compared with origin/main

access:
  payments in prod can now read payments/db

to do before it is merged:
  1. create payments/db in 123456789012 us-west-2, tagged as dist says, or tag what exists ("eso-abac aws tag-commands" prints how), or the operator cannot read it

objects:
  ~ aws/123456789012/secrets/us-west-2/payments.json
      ~ Secrets
          Resources.PaymentsDbCA147DFB: + {"Type":"AWS::SecretsManager::Secret","DeletionPolicy":"Retain","UpdateReplacePolicy":"Retain","Properties":{"Name":"pa…
  ~ clusters/prod/services/payments.yaml
      + ExternalSecret payments-ns/payments-db
`);
  });

  it('says when there was no dist before', () => {
    const text = diffText(report([], filesOf({ clusters: [prod] })), false);
    expect(text).toContain('note: there is no dist at origin/main: everything is new');
    expect(text).toContain('  orders is new in prod and can read orders/db\n');
  });
});

describe('JSON', () => {
  const validate = new Ajv2020({ strict: true }).compile(diffJsonSchema());

  it.each([
    ['nothing', filesOf(), filesOf()],
    ['a new dist', [], filesOf()],
    ['a removed dist', filesOf(), []],
    ['a change', filesOf(), filesOf({ services: [payments], abac: 'tagKey: team' })],
  ])('is as the schema says: %s', (_, before, after) => {
    const document = JSON.parse(diffJson(report(before, after)));
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document.dangers).toBe(
      document.changes.filter((change: { danger: boolean }) => change.danger).length,
    );
  });

  it('has the schema that is in the package', () => {
    const text = readFileSync(new URL('../../schema/diff.schema.json', import.meta.url), 'utf8');
    expect(text).toBe(`${JSON.stringify(diffJsonSchema(), null, 2)}\n`);
  });
});
