import type { Role } from '../../../src/proof/iam/model.ts';
import { attempt } from '../../../src/proof/questions/assumptions.ts';
import { isDenied } from '../../../src/proof/questions/requests.ts';
import { askAboutTrust } from '../../../src/proof/questions/trust.ts';
import { type Opinions, policyOf } from './opinions.ts';
import type { Solver } from './solver.ts';
import {
  succeedsRightly,
  succeedsWrongly,
  type TrustExample,
  type TrustRole,
  trustExample,
  wrongs,
} from './trust.ts';

/** Puts the question who can assume a role to the proof and to the solver. */
export async function opinionsOnTrust(role: TrustRole, solver: Solver): Promise<Opinions> {
  const judged: Role = { arn: role.arn, tags: [], trust: policyOf(role.trust, 'trust'), identity: [] };
  const { failures } = askAboutTrust({ ...role, role: judged });
  const ours = [...new Set<string>(failures.map(({ kind }) => kind))].sort();
  const answers = await solver.solve([
    ...wrongs.map((wrong) => succeedsWrongly(role, wrong)),
    succeedsRightly(role),
  ]);
  const found: string[] = [];
  const unconfirmed: string[] = [];
  [...wrongs, 'nobody'].forEach((kind, index) => {
    const model = answers[index]?.model;
    if ((model === undefined) === (kind === 'nobody')) found.push(kind);
    if (model === undefined) return;
    const example = trustExample(model, role);
    const decisions = attempt(judged, asAttempt(example));
    const isShown = kind === 'nobody' ? decisions.every(({ allowed }) => allowed) : !decisions.some(isDenied);
    if (!isShown) unconfirmed.push(`solver, ${kind}: ${JSON.stringify(example)}`);
  });
  return { ours, solver: found.sort(), unconfirmed };
}

function asAttempt({ caller, ...rest }: TrustExample): Parameters<typeof attempt>[1] {
  return { caller: { ...caller, tags: [] }, ...rest };
}
