import type { Failure, ReadCase } from '../../../src/proof/counterexample.ts';
import { readPolicy } from '../../../src/proof/iam/document.ts';
import type { Decision, Policy, PolicyKind, Role } from '../../../src/proof/iam/model.ts';
import { uncovered } from '../../../src/proof/questions/fragment.ts';
import { decide } from '../../../src/proof/questions/requests.ts';
import { askAboutSecrets, type SecretsFailure } from '../../../src/proof/questions/secrets.ts';
import { sessionWith } from '../../../src/proof/questions/sessions.ts';
import {
  type AccessExample,
  type AccessRole,
  accessExample,
  isReadOfForeign,
  ownerIsDenied,
  ownerReads,
  readsForeign,
} from './access.ts';
import type { Solver } from './solver.ts';

/** What both say of one role: the kinds of failure, in alphabetical order. */
export interface Opinions {
  readonly ours: readonly string[];
  readonly solver: readonly string[];
  /** Counterexamples of one side that the other side does not see as such. */
  readonly unconfirmed: readonly string[];
}

/** Puts the question about every secret that could exist to the proof and to the solver. */
export async function opinionsOnAccess(role: AccessRole, solver: Solver): Promise<Opinions> {
  const judged = judgedRole(role);
  const { failures } = askAboutSecrets({ role: judged, tagKeys: role.tagKeys });
  const ours = failures.map(({ kind }) => kind);
  const [foreign, denied, reads] = await solver.solve([
    readsForeign(role),
    ownerIsDenied(role),
    ownerReads(role),
  ]);
  const found: SecretsFailure[] = [];
  const unconfirmed: string[] = [];
  const replay = (example: AccessExample, isShown: (decision: Decision) => boolean, what: string) => {
    const resource = { arn: example.secretArn, tags: example.secretTags };
    const session = sessionWith(judged, example.sessionTags);
    const decision = decide(session, example.action, resource, example.context);
    if (!isShown(decision))
      unconfirmed.push(`solver, ${what}: ${JSON.stringify(example)} is ${decision.reason}`);
  };
  if (foreign?.model) {
    found.push('foreign');
    const isRead = ({ allowed, reason }: Decision) => allowed || reason === 'unknown';
    replay(accessExample(foreign.model, role), isRead, 'foreign');
  }
  if (denied?.model) {
    found.push('owner');
    replay(accessExample(denied.model, role), ({ reason }) => reason === 'explicit-deny', 'owner');
  }
  if (reads?.model) replay(accessExample(reads.model, role), ({ allowed }) => allowed, 'owner reads');
  else found.push('nothing');
  for (const example of failures.flatMap(foreignRead)) {
    const [answer] = await solver.solve([isReadOfForeign(role, example)]);
    if (answer?.model === undefined) unconfirmed.push(`proof, foreign: ${JSON.stringify(example)}`);
  }
  return { ours: [...new Set(ours)].sort(), solver: found.sort(), unconfirmed };
}

function foreignRead({ kind, counterexample }: Failure<SecretsFailure>): AccessExample[] {
  if (kind !== 'foreign' || counterexample.question !== 'read') return [];
  const { action, resource, sessionTags, context }: ReadCase = counterexample;
  const texts = Object.entries(context).flatMap(([key, value]): [string, string | null][] =>
    typeof value === 'string' || value === null ? [[key, value]] : [],
  );
  return [
    {
      action,
      secretArn: resource.arn,
      secretTags: resource.tags,
      sessionTags,
      context: Object.fromEntries(texts),
    },
  ];
}

function judgedRole({ arn, documents }: AccessRole): Role {
  const identity = documents.map((document) => policyOf(document, 'identity'));
  const [one] = uncovered(identity);
  if (one !== undefined) throw new Error(`the proof does not cover this: ${one.why}`);
  return { arn, tags: [], trust: { file: '', kind: 'trust', statements: [], location: nowhere }, identity };
}

const start = { line: 1, column: 1 };
const nowhere = { file: '', start, end: start };

/** A document as the evaluator reads it. It has to know all that is in it. */
export function policyOf(document: unknown, kind: PolicyKind): Policy {
  const { policy, findings } = readPolicy(`${kind}.json`, JSON.stringify(document), kind);
  if (policy === undefined) {
    throw new Error(`${findings.map(({ message }) => message).join('; ')}: ${JSON.stringify(document)}`);
  }
  return policy;
}
