import { expect } from 'vitest';
import { type Ended, mainArguments, type RunOptions, runMain, runProgram, stackTrace } from './run.ts';

/** Runs the command in a folder, and fails the test when what it prints looks like a crash. */
export async function command(
  cwd: string,
  args: readonly string[],
  options: Omit<RunOptions, 'cwd'> = {},
): Promise<Ended> {
  const result = await runMain(args, { ...options, cwd });
  expect(result.stdout + result.stderr).not.toMatch(stackTrace);
  return result;
}

/** The text of a services.yaml in which each service reads one secret, in one region. */
export function servicesYaml(
  names: readonly string[],
  { region = 'us-west-2', tagKey = 'ekssecret' } = {},
): string {
  const services = names.map(
    (name) => `  - { name: ${name}, regions: [${region}], secrets: [${name}/db] }\n`,
  );
  return `version: 1\naws: { account: "123456789012" }\nabac: { tagKey: ${tagKey} }\nservices:\n${services.join('')}`;
}

/** A services.yaml with two errors: a misspelt key in line 3, a region that is none in line 5. */
export const wrongServicesYaml: string = `version: 1
aws: { account: "123456789012" }
abac: { tagkey: ekssecret }
services:
  - { name: payments, regions: [nowhere], secrets: [payments/db] }
`;

/** The words that start the command in a line of the shell. */
export const shellCommand: string = [process.execPath, ...mainArguments].map((word) => `'${word}'`).join(' ');

/** Runs a line of bash in which `eso-abac` is the command. */
export async function shell(
  line: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const script = `eso-abac() { ${shellCommand} "$@"; }\n${line}`;
  const result = await runProgram('bash', ['-c', script], { cwd, env });
  expect(result.stdout + result.stderr).not.toMatch(stackTrace);
  return result;
}
