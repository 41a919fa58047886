import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPolicy } from '../../../src/proof/iam/document.ts';
import { uncovered } from '../../../src/proof/questions/fragment.ts';
import { conditionsOnOutsiders } from '../../../src/proof/questions/trust.ts';
import { changed } from '../attacks/change.ts';
import { groups, harmless } from '../attacks/index.ts';
import { type Tree, type TreeName, treeNames, treeOf } from '../attacks/tree.ts';
import { type Opinions, opinionsOnAccess } from './opinions.ts';
import { type Solver, startSolver } from './solver.ts';
import type { TrustRole } from './trust.ts';
import { opinionsOnTrust } from './trust-opinions.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await startSolver();
});
afterAll(() => solver.close());

const environment = (value: string) => new Map([['environment', new Set([value])]]);

/** What the access role of each tree shall be: this repeats what the inputs say, so that nothing is taken from the proof. */
const intended: Readonly<Record<TreeName, Omit<TrustRole, 'trust'>>> = {
  twoServices: {
    arn: 'arn:aws:iam::123456789012:role/eso-secrets-access',
    tagKeys: ['ekssecret'],
    callers: new Map([['arn:aws:iam::123456789012:role/eso-controller', new Map()]]),
  },
  platform: {
    arn: 'arn:aws:iam::111122223333:role/platform/eso-secrets-access',
    tagKeys: ['ekssecret', 'environment'],
    callers: new Map([
      ['arn:aws:iam::111122223333:role/eso-prod', environment('prod')],
      ['arn:aws:iam::111122223333:role/eso-staging', environment('staging')],
    ]),
    externalIds: ['platform-secrets'],
  },
  chain: {
    arn: 'arn:aws:iam::999999999999:role/eso-secrets-access',
    tagKeys: ['ekssecret'],
    callers: new Map([['arn:aws:iam::999999999999:role/eso-door', new Map()]]),
  },
  deployed: {
    arn: 'arn:aws:iam::123456789012:role/eso-secrets-access',
    tagKeys: ['ekssecret'],
    callers: new Map([
      ['arn:aws:iam::123456789012:role/platform/eso-prod', new Map()],
      ['arn:aws:iam::123456789012:role/platform/eso-staging', new Map()],
    ]),
  },
};

type Kind = 'policy' | 'trust';
const kinds: readonly Kind[] = ['policy', 'trust'];

function textIn(tree: Tree, name: TreeName, kind: Kind): string | undefined {
  const [, , , , account, role = ''] = intended[name].arn.split(':');
  return tree.get(`aws/${account}/roles/${role.slice(role.lastIndexOf('/') + 1)}/${kind}.json`);
}

/** Whether the proof judges a document at all: what it cannot read or does not cover, it refuses. */
function isJudged(text: string, kind: Kind): boolean {
  const { policy } = readPolicy(`${kind}.json`, text, kind === 'trust' ? 'trust' : 'identity');
  return policy !== undefined && uncovered([policy]).length + conditionsOnOutsiders(policy).length === 0;
}

function opinions(name: TreeName, kind: Kind, text: string): Promise<Opinions> {
  const question = intended[name];
  if (kind === 'trust') return opinionsOnTrust({ ...question, trust: JSON.parse(text) }, solver);
  return opinionsOnAccess({ ...question, documents: [JSON.parse(text)] }, solver);
}

it.each(treeNames)('has nothing against the access role of %s', async (name) => {
  for (const kind of kinds) {
    const text = textIn(treeOf(name), name, kind) ?? '';
    expect(await opinions(name, kind, text)).toEqual({ ours: [], solver: [], unconfirmed: [] });
  }
});

it('says the same as the proof of every attacked document of an access role', async () => {
  const attacks = [...groups.flatMap((group) => group.attacks), ...harmless];
  const all = attacks.flatMap(({ name, tree, change }) =>
    kinds.flatMap((kind) => {
      const text = textIn(changed(treeOf(tree), change), tree, kind);
      const isAttacked = text !== undefined && text !== textIn(treeOf(tree), tree, kind);
      return isAttacked && isJudged(text, kind) ? [{ name, tree, kind, text }] : [];
    }),
  );
  expect(all.length).toBeGreaterThan(70);
  const documents = process.env.CI === 'true' ? all : all.filter((_, index) => index % 5 === 0);
  const differences: object[] = [];
  let failing = 0;
  for (const { name, tree, kind, text } of documents) {
    const { ours, solver: theirs, unconfirmed } = await opinions(tree, kind, text);
    if (theirs.length > 0) failing += 1;
    if (ours.join() === theirs.join() && unconfirmed.length === 0) continue;
    differences.push({ name, ours, theirs, unconfirmed });
  }
  expect(differences).toEqual([]);
  // Some attacks are about what else a role may do, and some changes are harmless.
  expect(failing).toBeGreaterThan(documents.length / 3);
}, 600_000);
