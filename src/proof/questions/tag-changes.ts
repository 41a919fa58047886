import { allHold, mergedCombinations, type Part } from '../cases/merge.ts';
import { exactly, type ValueTests, valueTests } from '../cases/tests.ts';
import { type CaseValue, type CaseValues, combinations } from '../cases/values.ts';
import { requestTag, resourceTags } from '../iam/keys.ts';
import { matchesAction } from '../iam/match.ts';
import type { Policy, Request, Session, Statement, Tag } from '../iam/model.ts';
import { holds } from '../iam/operators.ts';
import { type ContextPart, requestOf, tagContext } from '../iam/requests.ts';
import { sessionContext } from './requests.ts';
import { tagsOf, testedTags, withSpelling } from './sessions.ts';

/** Something that decides who reads a secret, or decrypts with a key, and that a guard has to keep others from. */
export interface Change {
  readonly action: string;
  readonly resource: string;
  /** Whether the tags that decide are among those of the resource, may be, or cannot because it is new. */
  readonly tagged: 'all' | 'any' | 'none';
  /** What of tags the request says. */
  readonly passes: 'tags' | 'keys' | 'nothing';
}

/** Tags of a secret or key, and those that a request gives it or takes from it. */
export interface ChangedTags {
  readonly resource: readonly Tag[];
  readonly request: readonly Tag[];
}

/** The statements of a guard about a change, and what they compare. */
interface Looked {
  readonly statements: readonly Statement[];
  readonly tests: ValueTests;
}

/** The changes that a guard has to deny, of each of these secrets and keys. */
export function changesOf(secrets: readonly string[], keys: readonly string[] | undefined): Change[] {
  const on = (arns: readonly string[], parts: Omit<Change, 'action' | 'resource'>, ...actions: string[]) =>
    actions.flatMap((action) => arns.map((resource) => ({ action, resource, ...parts })));
  return [
    ...on(secrets, { tagged: 'any', passes: 'tags' }, 'secretsmanager:TagResource'),
    ...on(secrets, { tagged: 'any', passes: 'keys' }, 'secretsmanager:UntagResource'),
    ...on(secrets, { tagged: 'none', passes: 'tags' }, 'secretsmanager:CreateSecret'),
    ...(keys === undefined
      ? []
      : [
          ...on(keys, { tagged: 'any', passes: 'tags' }, 'kms:TagResource'),
          ...on(keys, { tagged: 'any', passes: 'keys' }, 'kms:UntagResource'),
          // KMS asks for a key that is not there yet as `*`, and in any region.
          ...on(['*'], { tagged: 'none', passes: 'tags' }, 'kms:CreateKey'),
        ]),
    ...on(secrets, { tagged: 'all', passes: 'nothing' }, 'secretsmanager:PutResourcePolicy'),
  ];
}

/** The request of a session for a change. */
export function changeRequest(
  session: Session,
  { action, resource, passes }: Change,
  tags: ChangedTags,
): Request {
  const keys = tags.request.map(({ key }) => key);
  return requestOf(session, action, resource, [
    tagContext(['aws:resourcetag', 'secretsmanager:resourcetag'], tags.resource),
    tagContext(['aws:requesttag'], passes === 'tags' ? tags.request : []),
    { known: new Map([['aws:tagkeys', keys]]), unclear: [] },
    ...(action.startsWith('kms:') ? [kmsContext(session)] : []),
  ]);
}

/** KMS says of each request from which account it comes, and of some through which service. */
function kmsContext({ principal }: Session): ContextPart {
  return { known: new Map([['kms:calleraccount', principal.account]]), unclear: ['kms:viaservice'] };
}

/** The tags that the statements of a guard about a change can tell apart, with one of those that decide at least. */
export function* tagsOfChange(
  change: Change,
  guard: Policy,
  tagKeys: readonly string[],
  session: Session,
  values: CaseValues,
): Generator<ChangedTags> {
  const statements = guard.statements.filter(({ actions }) => matchesAction(actions, change.action));
  const tests = valueTests([{ ...guard, statements }]);
  const context = sessionContext(session);
  const { tagged, passes } = change;
  const ofResource = tagged === 'none' ? [] : testedTags(tests, resourceTags);
  const keys = tagged === 'all' ? withSpelling(tagKeys, ofResource) : ofResource;
  const lists = keys.map((key): readonly CaseValue[] => {
    const compared = resourceTags.flatMap((prefix) => tests.get(prefix + key.toLowerCase()) ?? []);
    const texts = values.of(compared, context, [], { prefer: ['payments'] });
    return tagged === 'all' && tagKeys.includes(key) ? texts : [null, ...texts];
  });
  const requests =
    passes === 'nothing' ? [[]] : passedTags(change, { statements, tests }, tagKeys, session, values);
  for (const chosen of combinations(lists))
    for (const request of requests) yield { resource: tagsOf(keys, chosen), request };
}

/**
 * Every set of tags that a request may be about, those of fewer tags first. A statement looks at single tags, and at whether
 * any key or each passes a comparison: so of the sets of which the same conditions hold, and whose keys pass the same
 * comparisons, one is enough.
 */
function passedTags(
  change: Change,
  { statements, tests }: Looked,
  tagKeys: readonly string[],
  session: Session,
  values: CaseValues,
): (readonly Tag[])[] {
  const ofKeys = tests.get('aws:tagkeys') ?? [];
  const conditions = statements.flatMap((statement) => statement.conditions);
  const partOf = (key: string, tags: readonly Tag[]): Part<readonly Tag[]> => {
    const request = changeRequest(session, change, { resource: [], request: tags });
    const name = requestTag + key.toLowerCase();
    const answers = conditions.filter((one) => one.key === 'aws:tagkeys').map((one) => holds(one, request));
    return {
      value: tags,
      answers: statements.map((statement) =>
        allHold(statement.conditions.filter((one) => one.key === name).map((one) => holds(one, request))),
      ),
      facts:
        tags.length === 0 ? [] : [`keys ${answers.join()}`, ...(hasKey(tagKeys, key) ? ['decides'] : [])],
    };
  };
  const lists = keysOf(tagKeys, tests, values).flatMap((key) => {
    const compared = tests.get(requestTag + key.toLowerCase()) ?? [];
    const texts = values.of(compared, sessionContext(session), [], { prefer: ['payments'] });
    // Secrets and keys may have two tags whose keys differ in case alone.
    const spellings = values.of(ofKeys, new Map(), [], {
      domain: { ...exactly(key), ignoreCase: true },
      prefer: [key],
    });
    return spellings.map((spelling) => [
      partOf(key, []),
      ...texts.map((value) => partOf(key, [{ key: spelling, value }])),
    ]);
  });
  // Of sets that are alike the first one is kept: that with the keys of the question, and with few of them.
  return mergedCombinations(lists.reverse())
    .filter(({ facts }) => facts.includes('decides'))
    .map(({ value }) => [...value].reverse().flat())
    .sort((a, b) => a.length - b.length);
}

/** The keys that decide, those that a guard looks at, and one for each way in which a key can pass its lists of keys. */
function keysOf(tagKeys: readonly string[], tests: ValueTests, values: CaseValues): string[] {
  const known = withSpelling(tagKeys, testedTags(tests, [requestTag]));
  const domain = { parts: [{ type: 'one' }, { type: 'any' }] } as const;
  const listed = values.of(tests.get('aws:tagkeys') ?? [], new Map(), [], {
    domain,
    prefer: ['another-tag'],
  });
  return [...known, ...listed.filter((key) => !hasKey(known, key))];
}

function hasKey(keys: readonly string[], key: string): boolean {
  return keys.some((one) => one.toLowerCase() === key.toLowerCase());
}
