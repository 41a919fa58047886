import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile } from '../../main.ts';
import { planDist, writeDist } from '../support/dist.ts';
import { inFolder, readTree, writeFiles } from '../support/run.ts';

/** Names with which somebody could want to leave dist, or have two files become one. */
const climbing = [
  ...['../evil', '../../evil', '..', '.', '/evil', '//evil', 'a/../../evil', './evil', 'evil/', ''],
  ...[
    '..\\evil',
    'C:\\evil',
    'evil\u0000.yaml',
    'evil\n',
    '%2e%2e%2fevil',
    '..%2fevil',
    '..;/evil',
    '~/evil',
    '$HOME/evil',
    '-evil',
  ],
  // Look-alikes of dot and slash, which Unicode makes the same when it is asked to.
  ...[
    '․․/evil',
    '..∕evil',
    '..⁄evil',
    '..／evil',
    '．．/evil',
    '‥/evil',
    'evil\u200b',
    'e\u0301vil',
    'ＥＶＩＬ',
    'evil.',
  ],
];

/** Every place in the input that decides a part of a path in dist, filled with a name. */
const inputs: Readonly<Record<string, (name: string) => string>> = {
  'a service': (name) => `services: [{ name: ${name}, regions: [us-west-2], namespace: a, secrets: [a] }]`,
  'a shared identity': (name) =>
    `services: [{ name: a, regions: [us-west-2], secrets: [] }]\nshared: [{ name: ${name}, services: "*", secrets: [b] }]`,
  'a cluster': (name) =>
    `clusters: { ${name}: { region: us-west-2 } }\nservices: [{ name: a, clusters: [${name}], secrets: [a] }]`,
  'a region': (name) => `services: [{ name: a, regions: [${name}], secrets: [a] }]`,
  'a region of a cluster': (name) =>
    `clusters: { c: { region: ${name} } }\nservices: [{ name: a, clusters: [c], secrets: [a] }]`,
  'an account of a cluster': (name) =>
    `clusters: { c: { region: us-west-2, account: ${name} } }\nservices: [{ name: a, clusters: [c], secrets: [a] }]`,
  'a secret': (name) => `services: [{ name: a, regions: [us-west-2], secrets: [${name}] }]`,
  'what a secret becomes': (name) =>
    `services: [{ name: a, regions: [us-west-2], secrets: [{ name: a, as: ${name}, extract: true }] }]`,
  'a namespace': (name) => `services: [{ name: a, regions: [us-west-2], namespace: ${name}, secrets: [a] }]`,
  'a folder for Argo CD': (name) =>
    `gitops: { repository: "https://git.example.com/a.git", path: ${name}, argocd: {} }\nservices: [{ name: a, regions: [us-west-2], secrets: [a] }]`,
};

const aws: Readonly<Record<string, (name: string) => string>> = {
  'the account': (name) => `{ account: ${name} }`,
  'the access role': (name) => `{ account: "123456789012", accessRole: ${name} }`,
  'the role of the operator': (name) => `{ account: "123456789012", controllerRole: ${name} }`,
};

const service = 'services: [{ name: a, regions: [us-west-2], secrets: [a] }]';
const texts = [
  ...Object.entries(inputs).map(
    ([what, text]) => [what, (name: string) => `aws: { account: "123456789012" }\n${text(name)}`] as const,
  ),
  ...Object.entries(aws).map(
    ([what, text]) => [what, (name: string) => `aws: ${text(name)}\n${service}`] as const,
  ),
];

describe('a name that climbs', () => {
  it.each(texts)('is refused or stays in dist, as the name of %s', (_, text) =>
    inFolder((folder) => {
      let refused = 0;
      for (const [index, name] of climbing.entries()) {
        const cwd = path.join(folder, String(index), 'project');
        writeFiles(cwd, { 'services.yaml': `version: 1\n${text(JSON.stringify(name))}\n` });
        const { files, findings } = compile(path.join(cwd, 'services.yaml'));
        if (files.length === 0) {
          expect(findings.some(({ severity }) => severity === 'error')).toBe(true);
          refused++;
          continue;
        }
        for (const { path: file } of files) {
          expect(path.posix.normalize(file), name).toBe(file);
          expect(file, name).toMatch(/^(?:aws|clusters|gitops|operator)\/[\w@+=,./-]+\.(?:yaml|json)$/);
          expect(file.split('/')).not.toContain('..');
        }
        writeDist(planDist(path.join(cwd, 'dist'), files));
        expect(
          Object.keys(readTree(path.join(folder, String(index)))).every((one) => one.startsWith('project/')),
        ).toBe(true);
        expect(
          Object.keys(readTree(cwd)).every((one) => one === 'services.yaml' || one.startsWith('dist/')),
        ).toBe(true);
      }
      expect(refused).toBeGreaterThan(climbing.length / 2);
    }),
  );

  it('includes nothing from elsewhere, not by links to files or folders either', () =>
    inFolder((folder) => {
      const outside = 'services: [{ name: stolen, regions: [us-west-2], secrets: [a] }]\n';
      writeFiles(folder, {
        'evil.yaml': outside,
        'evil/evil.yaml': outside,
        'project/in/mine.yaml': 'services: []\n',
      });
      const project = path.join(folder, 'project');
      symlinkSync('../../evil.yaml', path.join(project, 'in/link.yaml'));
      symlinkSync('../evil', path.join(project, 'folder'));
      symlinkSync(folder, path.join(project, 'absolute'));
      mkdirSync(path.join(project, 'deep'));
      symlinkSync('../folder', path.join(project, 'deep/chain'));
      const links = [
        'in/*.yaml',
        'in/link.yaml',
        'folder/*.yaml',
        'folder/evil.yaml',
        '**/evil.yaml',
        'absolute/*.yaml',
        'absolute/evil/*',
        'deep/chain/*',
        'deep/**',
      ];
      const names = climbing.map((name) => (name.endsWith('evil') ? `${name}.yaml` : name));
      for (const pattern of [
        ...links,
        ...names,
        path.join(folder, 'evil.yaml'),
        'in/../../evil.yaml',
        'file:///etc/passwd',
      ]) {
        writeFiles(project, {
          'services.yaml': `version: 1\naws: { account: "123456789012" }\ninclude: [${JSON.stringify(pattern)}]\n`,
        });
        const { files, findings, sources } = compile(path.join(project, 'services.yaml'));
        expect(files, pattern).toEqual([]);
        expect(findings.some(({ severity }) => severity === 'error')).toBe(true);
        expect([...sources.values()].join('')).not.toContain('stolen');
      }
    }));
});
