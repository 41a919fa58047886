import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/proof/files/model.ts';
import { filesOf } from '../diff/inputs.ts';
import { type RunResult, runInProcess } from '../support/documents.ts';
import { useOwnFolder } from '../support/own-folder.ts';
import { stackTrace, writeFiles } from '../support/run.ts';
import { attacks, obeyedIn, outsideCode, rendered } from './attacks.ts';

const folder = useOwnFolder();

/** Runs the command, and sees to it that what it prints is obeyed by nobody, in whichever format. */
async function harmless(args: readonly string[], format: string): Promise<RunResult> {
  const result = await runInProcess([...args, '--format', format]);
  const { output, stdout, code } = result;
  expect(output).not.toMatch(stackTrace);
  if (format !== 'html') expect(obeyedIn(output, format), `${args.join(' ')} ${format}`).toEqual([]);
  if (format === 'json' || format === 'sarif') expect(code === 2 || JSON.parse(stdout)).toBeTruthy();
  if (format === 'sarif') expect(stdout).not.toMatch(/(?<!\\\\)\]\(/);
  if (format === 'markdown') expect(outsideCode(output)).not.toMatch(rendered);
  return result;
}

/** Every text in data. */
function textsIn(data: unknown): string[] {
  if (typeof data === 'string') return [data];
  return typeof data === 'object' && data !== null ? Object.values(data).flatMap(textsIn) : [];
}

/** An input in which an attack stands as the value of about everything, as keys, and in a comment that a frame shows. */
function hostileInput(attack: string): string {
  // What may not stand in the file as it is, stands as an escape.
  const text = JSON.stringify(attack).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const comment = attack.replace(/\p{Cc}|[\u2028\u2029\ufeff]/gu, ' ');
  return `version: 1
aws: { account: ${text}, accessRole: ${text}, ${text}: 1 } # ${comment}
abac: { tagKey: ${text}, tags: { ${text}: ${text} } }
clusters: { ${text}: { region: ${text} } }
include: [${text}, ${text}]
defaults: { refreshInterval: ${text}, namespace: ${text}, store: ${text} }
services:
  - { name: ${text}, regions: [${text}], clusters: [${text}], secrets: [${text}, { name: x, as: ${text}, keys: { ${text}: ${text} } }] } # ${comment}
  - { name: ${text}, ${text}: ${text}, secrets: [{ name: a, type: ${text}, version: ${text} }] }
shared: [{ name: ${text}, services: [${text}], secrets: [${text}] }]
`;
}

describe.each(Object.entries(attacks))('%s', (_, attack) => {
  it.each(['text', 'json', 'github', 'sarif'])('in an input is only shown, as %s', async (format) => {
    writeFiles(folder(), { 'services.yaml': hostileInput(attack) });
    const { output } = await harmless(['check'], format);
    expect(output.length).toBeGreaterThan(1000);
    await harmless(['aws', 'tag-commands'], format);
    if (format === 'text' || format === 'json') await harmless(['diff', '--base-dist', '.'], format);
  });

  it('in a name of a file, a folder or a revision is only shown', async () => {
    const name = attack.replaceAll('/', '');
    writeFiles(folder(), {
      'services.yaml': 'version: 1\naws: { account: "123456789012" }\ninclude: ["*.yaml"]\n',
      [`${name}.yaml`]: 'services: [{ nme: a }]\n',
      [`dist/clusters/${name}.yaml`]: 'x',
      [`dist/clusters/${name}/services/${name}.yaml`]: 'kind: Namespace\n',
      [`in/${name}/services.yaml`]: 'version: 2\n',
    });
    for (const format of ['text', 'json', 'github', 'sarif']) {
      await harmless(['check'], format);
      await harmless(['check', '-f', `in/${name}/services.yaml`], format);
      await harmless(['check', '-f', `${name}/services.yaml`], format);
      await harmless(['prove'], format);
      await harmless(['validate', 'dist'], format);
      await harmless(['validate', name], format);
      await harmless(['synth', '-o', name, '-f', 'none.yaml'], format);
    }
    for (const args of [
      [name],
      ['check', `--${name}`],
      ['check', name],
      ['check', '--format', name],
      ['init', `${name}\0`],
    ]) {
      const { output } = await runInProcess(args);
      expect(obeyedIn(output)).toEqual([]);
      expect(output).not.toMatch(stackTrace);
    }
    await harmless(['diff', '--base', name, '-f', `in/${name}/services.yaml`], 'text');
    await harmless(['explain', name, name], 'text');
  });

  it('in a dist of somebody is only shown, in every report', async () => {
    const text = JSON.stringify(attack);
    const name = attack.replaceAll('/', '');
    const put = ({ path: file, text: content }: Source): Source => ({
      path: file.replace('orders.yaml', `${name}.yaml`),
      text: content
        .replace(
          /(?<=value: |eso-abac\/service: |key: |secretKey: |"Value": |"Description": )"?orders[\w/]*"?/g,
          text,
        )
        .replace(/(?<="Sid": )"ReadOwnSecrets"/g, text),
    });
    const files = filesOf().map(put);
    expect(files.filter((file, at) => file.text !== filesOf()[at]?.text).length).toBeGreaterThan(1);
    writeFiles(folder(), Object.fromEntries(files.map((file) => [`dist/${file.path}`, file.text])));
    writeFiles(folder(), {
      'services.yaml':
        'version: 1\naws: { account: "123456789012" }\nservices: [{ name: orders, regions: [us-west-2], secrets: [orders/db] }]\n',
    });
    // The formats of findings are those of the tests above.
    for (const format of ['text', 'markdown']) await harmless(['prove'], format);
    await harmless(['validate', 'dist'], 'text');
    for (const format of ['html', 'markdown', 'csv']) await harmless(['report'], format);
    const { stdout } = await harmless(['report'], 'json');
    expect(textsIn(JSON.parse(stdout))).toContain(attack);
    for (const format of ['text', 'markdown']) await harmless(['diff', '--base-dist', 'dist'], format);
    const { services, secrets } = JSON.parse(stdout) as Record<string, { service: string; name: string }[]>;
    for (const { service } of services ?? []) {
      expect((await harmless(['explain', service], 'text')).stdout).not.toBe('');
      for (const { name: secret } of secrets ?? []) await harmless(['explain', service, secret], 'text');
    }
    for (const { name: secret } of secrets ?? []) await harmless(['explain', '--secret', secret], 'text');
  });
});
