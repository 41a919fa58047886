import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { resolveFleet } from '../../../src/fleet/resolve.ts';
import { expectReported } from '../../fuzz/answer.ts';
import { damaged, garbage, hostile } from '../../fuzz/hostile-text.ts';
import { validSpec } from '../../support/arbitrary.ts';
import { asYaml } from '../../support/run-compile.ts';
import type { Kind, Parts } from '../kind.ts';
import { inputFile } from './file.ts';

const root = new URL('../../../', import.meta.url);
const text = (file: string) => readFileSync(new URL(file, root));
const namesIn = (folder: string) => readdirSync(new URL(folder, root));

const seeds = [
  ...['services.yaml', 'examples/aws-blog/services.yaml', 'examples/platform/services.yaml'],
  ...namesIn('examples/platform/services').map((name) => `examples/platform/services/${name}`),
  ...namesIn('test/ok').flatMap((name) => (name.endsWith('.yaml') ? [`test/ok/${name}`] : [])),
].map(text);

/** A text, and what of it may not be printed. */
interface Text {
  readonly bytes: Uint8Array;
  readonly secret?: string;
}

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const secret = fc.oneof(
  letters(upper, 16).map((rest) => `AKIA${rest}`),
  letters(`${upper}abcdefghijklmnopqrstuvwxyz`, 36).map((rest) => `ghp_${rest}`),
  letters('abcdef0123456789', 24).map((rest) => `xoxb-${rest}`),
);

function letters(of: string, length: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...of), minLength: length, maxLength: length });
}

/** A secret in the place of a word, in a comment, or as the value of a key that says so. */
const planted: fc.Arbitrary<Text> = fc
  .tuple(
    fc.oneof(fc.constantFrom(...seeds), damaged(seeds)),
    secret,
    fc.nat(),
    fc.constantFrom(' # ', ' ', '\n- ', '\npassword: ', '"', "'", ': '),
  )
  .map(([seed, value, place, before]) => {
    const words = String(Buffer.from(seed)).split(/(?<=\s)/);
    words.splice(place % (words.length + 1), 1, `${before}${value}${before.trim() === '"' ? '"' : ' '}`);
    return { bytes: Buffer.from(words.join('')), secret: value };
  });

const plain = (bytes: Uint8Array): Text => ({ bytes });

/** Inputs that are right, damaged, cut off, of whatever signs, that hold a secret, or that are made to take long. */
const made: fc.Arbitrary<Text> = fc.oneof(
  { weight: 400, arbitrary: damaged(seeds).map(plain) },
  { weight: 200, arbitrary: garbage.map(plain) },
  { weight: 200, arbitrary: planted },
  { weight: 40, arbitrary: validSpec.map((spec) => plain(Buffer.from(asYaml(spec)))) },
  { weight: 40, arbitrary: validSpec.chain((spec) => damaged([Buffer.from(asYaml(spec))]).map(plain)) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...Object.values(hostile))
      .map(({ text: hostileText }) => plain(Buffer.from(hostileText()))),
  },
);

/** Whatever a file holds, the loader says what it is or what is wrong with it, where, and prints no secret. */
export function inputs({ load }: Parts): Kind<Text> {
  return {
    name: 'inputs',
    all: 1_000_000,
    patience: 60,
    made,
    check: ({ bytes, secret: hidden }) => {
      const { spec, locate, incomplete, findings: problems, sources } = load(inputFile(bytes));
      const resolved = spec === undefined ? [] : resolveFleet(spec, locate, incomplete).findings;
      const findings = [...problems, ...resolved];
      const printed = expectReported(findings, sources);
      if (hidden !== undefined) assert(!printed.includes(hidden), 'a secret is printed');
      if (spec === undefined) assert(findings.some(({ severity }) => severity === 'error'));
    },
    show: ({ bytes }) => ({ 'services.yaml': bytes }),
  };
}
