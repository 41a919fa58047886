import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exit, type OutputOptions, UsageError, withFiles } from './command.ts';
import { packageVersion } from './package-files.ts';

export type InitOptions = OutputOptions;

/** Writes what a repository needs to start. A file that exists is left as it is, and said so. */
export function init(folder: string, options: InitOptions): number {
  const say = (line: string) => {
    if (!options.quiet) process.stdout.write(`${line}\n`);
  };
  withFiles(`${folder} cannot be written`, () => {
    for (const [name, text] of Object.entries({
      'services.yaml': servicesYaml,
      '.github/workflows/eso-abac.yml': workflow,
    })) {
      say(`${writeNew(path.join(folder, name), text) ? 'wrote   ' : 'kept    '} ${name}`);
    }
    say(addScripts(path.join(folder, 'package.json')));
  });
  say('\nNext: put your AWS account into services.yaml, then "npm install" and "npm run synth".');
  return exit.fine;
}

/** Writes a file unless it exists. */
function writeNew(file: string, text: string): boolean {
  mkdirSync(path.dirname(file), { recursive: true });
  if (existsSync(file)) return false;
  // "wx" fails rather than overwrites, should the file have appeared meanwhile.
  writeFileSync(file, text, { flag: 'wx' });
  return true;
}

const scripts: Readonly<Record<string, string>> = { synth: 'eso-abac', check: 'eso-abac check' };

interface PackageJson {
  scripts?: Record<string, string>;
  devDependencies?: Record<string, string>;
  dependencies?: Record<string, string>;
}

/** Adds the scripts and the dependency that package.json lacks; what it has stays as it is. */
function addScripts(file: string): string {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '{\n  "private": true\n}\n';
  const content = parsePackageJson(file, text);
  const missing = Object.entries(scripts).filter(([name]) => content.scripts?.[name] === undefined);
  const hasDependency = content.dependencies?.['eso-abac'] ?? content.devDependencies?.['eso-abac'];
  if (missing.length === 0 && hasDependency) return 'kept     package.json';
  if (missing.length > 0) content.scripts = { ...content.scripts, ...Object.fromEntries(missing) };
  if (!hasDependency)
    content.devDependencies = { ...content.devDependencies, 'eso-abac': `^${packageVersion()}` };
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? '  ';
  writeFileSync(file, `${JSON.stringify(content, null, indent)}\n`);
  return `wrote    package.json (scripts: ${missing.map(([name]) => name).join(', ') || 'none missing'})`;
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

const workflow = `# Fails a pull request whose dist/ is not what services.yaml says.
name: eso-abac
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with:
          node-version: 22
      - run: npm ci
      - run: npx eso-abac check --format github
`;
