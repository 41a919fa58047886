import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolders } from '../dist/index.ts';
import { finish, type OutputOptions, UsageError, withFiles } from './command.ts';
import { packageVersion } from './package-files.ts';

/** Flags of `init`. */
export type InitOptions = OutputOptions;

/** Writes what a repository needs to start. A file that exists is left as it is, and said so. */
export function init(folder: string, options: InitOptions): number {
  const files = withFiles(`${folder} cannot be written`, () => {
    // First, because it is the only one that can be wrong: then nothing is written.
    const { isOwn, write } = planPackageJson(path.join(folder, 'package.json'));
    return {
      'services.yaml': writeNew(path.join(folder, 'services.yaml'), servicesYaml),
      [workflowFile]: writeNew(path.join(folder, workflowFile), workflow(isOwn)),
      '.gitignore': writeNew(path.join(folder, '.gitignore'), 'node_modules/\n'),
      'package.json': write(),
    };
  });
  const done = [
    ...Object.entries(files).map(([name, outcome]) => `${outcome.padEnd(8)} ${name}`),
    '',
    `Next, in ${folder === '.' ? 'this folder' : folder}: put your AWS account and your services into services.yaml, then`,
    '"npm install" and "npx eso-abac". Commit dist/ too: "npx eso-abac check" says whether it is up to date.',
  ].join('\n');
  return finish({ findings: [], sources: new Map(), summary: { command: 'init', files }, done }, options);
}

type Outcome = 'wrote' | 'added to' | 'kept';

const workflowFile = '.github/workflows/eso-abac.yml';

/** Writes a file unless it exists. */
function writeNew(file: string, text: string): Outcome {
  makeFolders(path.dirname(file));
  if (existsSync(file)) return 'kept';
  // "wx" fails rather than overwrites, should the file have appeared meanwhile.
  writeFileSync(file, text, { flag: 'wx' });
  return 'wrote';
}

const scripts: Readonly<Record<string, string>> = { synth: 'eso-abac', check: 'eso-abac check' };

interface PackageJson {
  name?: string;
  private?: boolean;
  scripts?: Record<string, string>;
  devDependencies?: Record<string, string>;
  dependencies?: Record<string, string>;
}

/**
 * Looks for the scripts and the dependency that package.json lacks; what it has stays as it is.
 *
 * @returns what writes them, and whether it is the package.json of this program
 * @throws UsageError when the file is no package.json
 */
function planPackageJson(file: string): { readonly isOwn: boolean; readonly write: () => Outcome } {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const content: PackageJson = before === undefined ? { private: true } : parsePackageJson(file, before);
  const isOwn = content.name === 'eso-abac';
  const after: PackageJson = { ...content };
  // What is there comes first and wins: its order stays too.
  after.scripts = { ...content.scripts, ...scripts, ...content.scripts };
  if (!isOwn && content.dependencies?.['eso-abac'] === undefined) {
    after.devDependencies = { 'eso-abac': `^${packageVersion()}`, ...content.devDependencies };
  }
  if (JSON.stringify(after) === JSON.stringify(content)) return { isOwn, write: () => 'kept' };
  const indent = /^[ \t]+/m.exec(before ?? '')?.[0] ?? '  ';
  const write = () => {
    writeFileSync(file, `${JSON.stringify(after, null, indent)}\n`);
    return before === undefined ? 'wrote' : 'added to';
  };
  return { isOwn, write };
}

function parsePackageJson(file: string, text: string): PackageJson {
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content;
  } catch {
    // Said below.
  }
  throw new UsageError(`${file} is not a JSON object; it was left as it is`);
}

const servicesYaml = `# yaml-language-server: $schema=./node_modules/eso-abac/schema/services.schema.json
#
# The services, the AWS Secrets Manager secrets that each may read, and where it runs.
# "npm run synth" compiles this file into dist/; commit both.
version: 1
aws:
  account: "123456789012" # your account id, in quotes
  # accessRole: eso-secrets-access # the role that reads secrets
externalSecrets:
  version: 2.9.0 # the External Secrets Operator that runs in your clusters
abac:
  tagKey: ekssecret # each secret in AWS carries this tag, with the service's name as its value
services:
  - name: service1
    regions: [us-west-2]
    secrets:
      - service1_secret # the whole secret becomes one key of a Kubernetes Secret
      # - name: service1/db # a JSON secret: chosen properties become keys
      #   as: service1-db
      #   keys: { DB_USER: username, DB_PASSWORD: password }
`;

/**
 * The workflow with the action that this package brings along, in the version that package-lock.json names: the program
 * that checks is the one that wrote. In a clone of this program's own repository, the action and the program are there.
 */
function workflow(isOwnRepository: boolean): string {
  const action = isOwnRepository
    ? './\n        with:\n          command: node --import tsx main.ts'
    : './node_modules/eso-abac';
  return `# Fails a pull request whose dist/ is not what services.yaml says, and says on it who gains and loses access.
name: eso-abac
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
  pull-requests: write # for the comment
concurrency:
  group: eso-abac-\${{ github.ref }}
  cancel-in-progress: true
jobs:
  eso-abac:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with:
          fetch-depth: 2 # the pull request, and what it is compared with
          persist-credentials: false
      - uses: actions/setup-node@v5
        with:
          node-version: 22
      - run: npm ci --ignore-scripts
      - uses: ${action}
`;
}
