import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { tagText } from '../support/arbitrary-text.ts';
import { type Ended, inFolder, runProgram } from '../support/run.ts';
import { asYaml } from '../support/run-compile.ts';
import { type Failure, type Parts, runCase } from './kind.ts';
import { putAway } from './kinds/file.ts';
import { kinds, kindsOf, realParts } from './kinds/index.ts';

// A process of vitest is stopped, and does not end by itself.
afterAll(putAway);

/** The same one always: that a change of the project breaks a test must be because of that change. */
const seed = 2;

/** How many cases of each kind run with the other tests, which takes some seconds. */
const share: Readonly<Record<string, number>> = { inputs: 150, manifests: 80, fleets: 2, mutations: 4 };

/** The first failure among some cases, as it is. */
function firstFailure(parts: Parts, name: string, cases: number): Failure | undefined {
  const kind = kindsOf(parts).find((one) => one.name === name);
  for (let number = 0; kind !== undefined && number < cases; number++) {
    const failure = runCase(kind, seed, number, () => false);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

describe('a share of the soak', () => {
  it.each(kinds.map(({ name }) => name))(`%s, seed ${seed}`, (name) => {
    expect(firstFailure(realParts, name, share[name] ?? 0)).toBe(undefined);
  });
});

const { load, validate, compile, prove } = realParts;

/** Changes each text that a compiler writes. */
function compiling(change: (text: string) => string): Parts['compile'] {
  return (file) => {
    const { files, ...rest } = compile(file);
    return { ...rest, files: files.map(({ path: name, text }) => ({ path: name, text: change(text) })) };
  };
}

it('makes no tag up that reads like a password in a URL, which no input may hold', () => {
  const isMade = (text: string) => tagText.canShrinkWithoutContext(text);
  expect(['://a:a', '://a@', '://:a@', 'a://a:a@ a'].map(isMade)).toEqual([true, true, false, false]);
});

let count = 0;
const broken: readonly [what: string, kind: string, parts: Partial<Parts>, says: RegExp][] = [
  [
    'a loader that prints secrets',
    'inputs',
    {
      load: (file) => ({ ...load(file), sources: new Map([[file, readFileSync(file, 'utf8')]]) }),
    },
    /a secret is printed/,
  ],
  [
    'a loader that is wrong about places',
    'inputs',
    {
      load: (file) => {
        const input = load(file);
        const findings = input.findings.map((one) => {
          if (one.location === undefined) return one;
          const { start, end } = one.location;
          const next = {
            ...one.location,
            start: { ...start, line: start.line + 3 },
            end: { ...end, line: end.line + 3 },
          };
          return { ...one, location: next };
        });
        return { ...input, findings };
      },
    },
    /is not (?:in the file|there)/,
  ],
  [
    'a validator that throws',
    'manifests',
    {
      validate: (file, text) => {
        if (text.includes('metadata: null') || text.includes('null')) throw new TypeError('of null');
        return validate(file, text);
      },
    },
    /of null/,
  ],
  [
    'a compiler that counts',
    'fleets',
    { compile: (file) => compiling((text) => `${text}# ${++count}\n`)(file) },
    /yields other files/,
  ],
  [
    'a compiler that writes invalid objects',
    'fleets',
    { compile: compiling((text) => text.replace('service: SecretsManager', 'service: SecretManager')) },
    /\[schema\]/,
  ],
  [
    'a compiler that passes over files that are included',
    'fleets',
    {
      compile: (file) => {
        const { include: _, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
        writeFileSync(file, asYaml(rest));
        return compile(file);
      },
    },
    // Those that name a service of such a file do not get as far.
    /other files of the input|there is no service/,
  ],
  [
    'a prover that refuses everything',
    'fleets',
    { prove: () => prove([{ path: 'aws/1/roles/a/policy.json', text: '{}' }]) },
    /is not proven/,
  ],
  [
    'a compiler that lets everybody read, and a prover that says yes',
    'fleets',
    {
      compile: compiling((text) =>
        text.replace(/"StringEquals": \{\s*"secretsm/, '"StringNotEquals": { "secretsm'),
      ),
      prove: () => [],
    },
    /is wrong/,
  ],
  ['a prover that says yes', 'mutations', { prove: () => [] }, /proven, after/],
  [
    'a prover that passes over the admission policies',
    'mutations',
    { prove: (files) => prove(files).filter(({ location }) => !location?.file.includes('/platform/')) },
    /proven, after: .*\/platform\//,
  ],
];

describe('the soak finds', () => {
  it.each(broken)('%s', (_, kind, parts, says) => {
    expect(firstFailure({ ...realParts, ...parts }, kind, 30)?.message).toMatch(says);
  });
});

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const brokenKinds = new URL('./broken-kinds.ts', import.meta.url).href;
const root = fileURLToPath(new URL('../../', import.meta.url));

/** `npm run soak` with kinds that go wrong. */
function soak(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const all = ['--import', 'tsx', main, '--kinds', brokenKinds, ...args];
  return runProgram(process.execPath, all, { cwd: root, env });
}

describe('npm run soak', () => {
  it('goes on after a case that fails, hangs or takes its thread along, and says how each is run again', () =>
    inFolder(async (out) => {
      const { code, stdout, stderr } = await soak([
        '--seed',
        '11',
        '--cases',
        '8',
        '--threads',
        '2',
        '--out',
        out,
      ]);
      expect(code).toBe(1);
      expect(stdout).toMatch(
        /^seed 11\nfails: 8 of 8, .*\nhangs: 8 of 8, .*\nbreaks: 8 of 8, .*\nkeeps: 8 of 8, .*\nwrites: 8 of 8, .*\n$/,
      );
      expect(stderr).toMatch(/fails \d+ failed: 801 is too much/);
      expect(stderr).toMatch(/hangs \d+ failed: no end after 1 seconds/);
      expect(stderr).toMatch(/breaks \d+ failed: the thread ended/);
      const [, again = '', number] =
        /again: npm run soak -- (--seed 11 --only fails --case (\d+))\n/.exec(stderr) ?? [];
      expect(readFileSync(path.join(out, `fails-${number}`, 'number.txt'), 'utf8')).toBe('801');
      const replayed = await soak([...again.split(' '), '--out', out]);
      expect(replayed.code).toBe(1);
      expect(replayed.stderr).toContain(`fails ${number} failed: 801 is too much`);
    }));

  it('starts another thread before one that keeps more and more runs out of memory', async () => {
    const { code, stdout } = await soak(['--only', 'keeps', '--cases', '60', '--threads', '1']);
    expect(stdout).toMatch(/\nkeeps: 60 of 60, .* 0 failed\n$/);
    expect(code).toBe(0);
  });

  it('leaves nothing behind of its own', () =>
    inFolder(async (folder) => {
      // tsx would keep what it has translated there.
      const env = { TMPDIR: folder, TSX_DISABLE_CACHE: '1' };
      const { stdout } = await soak(['--only', 'writes', '--threads', '2'], env);
      expect(stdout).toMatch(/writes: 1000 of 1000, .* 0 failed/);
      expect(readdirSync(folder)).toEqual([]);
    }));

  it.each([[['--share', 'some']], [['--only', 'nothing']], [['--case', '1']]])(
    '%j is wrong usage',
    async (args) => {
      const { code, stderr } = await soak(args);
      expect(code).toBe(2);
      expect(stderr).toContain('--only KIND     fails, hangs, breaks, keeps, writes');
    },
  );
});
