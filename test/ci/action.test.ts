import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { servicesYaml } from '../support/command.ts';
import { inFolder, mainArguments, runProgram, writeFiles } from '../support/run.ts';
import { type GitHub, startGitHub } from './github.ts';

const root = path.resolve('.');

interface Step {
  readonly name: string;
  readonly if?: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

const action = parse(readFileSync('action.yml', 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
};

/** What GitHub knows of a run, as far as the action asks for it. */
interface Event {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event_name: string;
  readonly number?: number;
}

/** The value of an expression of GitHub's, of those that action.yml holds: they are JavaScript too. */
function evaluate(expression: string, { inputs = {}, event_name, number }: Event): unknown {
  const defaults = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, input.default]),
  );
  const event = number === undefined ? {} : { pull_request: { number } };
  const names = { inputs: { ...defaults, ...inputs }, github: { event_name, event }, cancelled: () => false };
  const safe = expression.replaceAll('.pull_request.', '.pull_request?.');
  return new Function(...Object.keys(names), `return ${safe}`)(...Object.values(names)) ?? '';
}

function expand(text: string, event: Event): string {
  return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => String(evaluate(expression, event)));
}

interface Outcome {
  readonly codes: Readonly<Record<string, number | null>>;
  readonly log: string;
  readonly summary: string;
  readonly temp: string;
}

/** Runs the steps of action.yml as GitHub's runner does: each with bash, whatever became of the one before it. */
async function runAction(repository: string, github: GitHub, event: Event): Promise<Outcome> {
  const temp = `${repository}-temp`;
  mkdirSync(temp, { recursive: true });
  const at = (name: string) => path.join(temp, name);
  const inputs = { command: [process.execPath, ...mainArguments].join(' '), token: 'ghs_1', ...event.inputs };
  const codes: Record<string, number | null> = {};
  let log = '';
  for (const step of action.runs.steps) {
    const condition = step.if?.replace(/^\$\{\{ | \}\}$/g, '') ?? 'true';
    if (!evaluate(condition, { ...event, inputs })) continue;
    const env = Object.entries(step.env).map(([key, value]) => [key, expand(value, { ...event, inputs })]);
    const { code, stdout, stderr } = await runProgram('bash', ['-eo', 'pipefail', '-c', step.run], {
      cwd: repository,
      env: {
        GITHUB_ACTION_PATH: root,
        GITHUB_API_URL: github.url,
        GITHUB_REPOSITORY: 'owner/repo',
        GITHUB_SHA: git(repository, 'rev-parse', 'HEAD').trim(),
        GITHUB_STEP_SUMMARY: at('summary.md'),
        GITHUB_OUTPUT: at('output'),
        RUNNER_TEMP: temp,
        ...Object.fromEntries(env),
      },
    });
    codes[step.name] = code;
    log += stdout + stderr;
  }
  const summary = existsSync(at('summary.md')) ? readFileSync(at('summary.md'), 'utf8') : '';
  return { codes, log, summary, temp };
}

function git(cwd: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' });
}

/** A repository whose last commit merges a branch that adds a service, checked out as GitHub does: with one commit. */
async function inPullRequest(
  use: (repository: string, github: GitHub) => Promise<void>,
  { isBroken = false } = {},
): Promise<void> {
  await inFolder(async (folder) => {
    const origin = path.join(folder, 'origin');
    const commit = async (services: string, message: string) => {
      writeFiles(origin, { 'services.yaml': services });
      await runProgram(process.execPath, [...mainArguments, '--quiet'], { cwd: origin });
      git(origin, 'add', '-A');
      git(origin, 'commit', '-qm', message);
    };
    mkdirSync(origin);
    git(origin, 'init', '-q', '-b', 'main');
    await commit(servicesYaml(['payments']), 'first');
    git(origin, 'switch', '-q', '-c', 'change');
    const changed = servicesYaml(['payments', 'orders']);
    await commit(isBroken ? changed.replace('tagKey', 'tagkey') : changed, 'add orders');
    git(origin, 'switch', '-q', 'main');
    git(origin, 'merge', '-q', '--no-ff', '-m', 'merge', 'change');
    const repository = path.join(folder, 'checkout');
    git(folder, 'clone', '-q', '--depth=1', `file://${origin}`, repository);
    const github = await startGitHub('ghs_1');
    try {
      await use(repository, github);
    } finally {
      github.close();
    }
  });
}

describe.concurrent('action.yml', { timeout: 240_000 }, () => {
  it('lets nothing into a script but through its environment, and uses no other action', () => {
    for (const step of action.runs.steps) {
      expect(step.run).not.toContain('${{');
      expect(Object.keys(step)).not.toContain('uses');
    }
  });

  it('checks, proves and comments on a pull request, and updates the comment in the next run', () =>
    inPullRequest(async (repository, github) => {
      const event = { event_name: 'pull_request', number: 7, inputs: { sarif: 'true' } };
      const { codes, summary, temp } = await runAction(repository, github, event);
      expect(codes).toEqual({ check: 0, prove: 0, SARIF: 0, diff: 0, comment: 0 });
      expect(summary).toContain('# Who can read which secret\n\nProven.');
      expect(readFileSync(path.join(temp, 'output'), 'utf8')).toBe(`file=${temp}/eso-abac.sarif\n`);
      expect(JSON.parse(readFileSync(`${temp}/eso-abac.sarif`, 'utf8'))).toMatchObject({ version: '2.1.0' });
      expect(github.comments).toHaveLength(1);
      expect(github.comments[0]?.body).toMatch(/`orders`.* is new .*`orders\/db`/);
      expect(github.comments[0]?.body).not.toContain('`payments` is new');
      await runAction(repository, github, event);
      expect(github.comments).toHaveLength(1);
    }));

  it('annotates what is wrong and runs every step all the same, of which the first one fails', () =>
    inPullRequest(
      async (repository, github) => {
        const { codes, log } = await runAction(repository, github, {
          event_name: 'pull_request',
          number: 7,
        });
        expect(codes).toEqual({ check: 1, prove: 0, diff: 1, comment: 0 });
        expect(log).toContain('::error title=unknown-key,file=services.yaml,line=3,');
        expect(github.comments[0]?.body).toContain('There is no comparison');
      },
      { isBroken: true },
    ));

  it('takes hostile inputs for what they are: names of files that do not exist', () =>
    inPullRequest(async (repository, github) => {
      const hostile = '$(touch stolen)";touch stolen;"`touch stolen`';
      const { codes } = await runAction(repository, github, {
        event_name: 'push',
        inputs: { services: hostile, dist: hostile, base: `--upload-pack=touch stolen;${hostile}` },
      });
      expect(codes).toEqual({ check: 2, prove: 2, diff: 2, comment: 0 });
      expect(existsSync(path.join(repository, 'stolen'))).toBe(false);
    }));

  it('compares nothing and comments nothing after a push', () =>
    inPullRequest(async (repository, github) => {
      const { codes } = await runAction(repository, github, { event_name: 'push' });
      expect(codes).toEqual({ check: 0, prove: 0 });
      expect(github.requests).toEqual([]);
    }));
});
