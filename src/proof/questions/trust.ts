import { valueTests } from '../cases/tests.ts';
import { CaseValues } from '../cases/values.ts';
import type { Answer, Failure } from '../counterexample.ts';
import { isTokenClaim } from '../iam/keys.ts';
import type { Condition, Policy, PrincipalPattern, Role, Statement } from '../iam/model.ts';
import { type Attempt, assumeCase, attempt, outcome } from './assumptions.ts';
import { attemptsOf, type TrustQuestion } from './attempts.ts';
import { callersOf } from './callers.ts';
import { FailureList } from './failures.ts';
import { isDenied } from './requests.ts';
import { tagValue } from './sessions.ts';

export type { Claims, TrustQuestion } from './attempts.ts';

/**
 * - `caller`: somebody else assumes the role
 * - `missingTag`, `otherTag`, `pinnedTag`, `externalId`: a caller does so without one of the tags or with an empty one,
 *   with a tag that is none of them, with another cluster's value, or without the external id
 * - `nobody`: nobody assumes it at all
 */
export type TrustFailure = 'caller' | 'missingTag' | 'otherTag' | 'pinnedTag' | 'externalId' | 'nobody';

/**
 * Can anybody but the callers assume a role, or a caller in a way that it should not? Any role or user of any account,
 * any session tags, any external id, whatever else the request says.
 *
 * @throws TooManyCases
 */
export function askAboutTrust(question: TrustQuestion): Answer<TrustFailure> {
  const { role, callers } = question;
  const tests = valueTests([role.trust]);
  const values = new CaseValues();
  const failures = new FailureList<TrustFailure>();
  let [count, anybody] = [0, false];
  let firstRight: Attempt | undefined;
  for (const caller of callersOf(role, callers.keys(), tests, values)) {
    for (const one of attemptsOf(caller, question, tests, values)) {
      count++;
      const wrong = whatIsWrong(one, question);
      // That one of the callers can assume the role is known by now.
      if (wrong === undefined && anybody) continue;
      const decisions = attempt(role, one);
      if (wrong === undefined) {
        anybody ||= outcome(decisions).allowed;
        firstRight ??= one;
      } else if (!decisions.some(isDenied)) {
        const by = wrong === 'otherTag' || wrong === 'pinnedTag' ? outcome(decisions) : decisions[0];
        failures.add({
          kind: wrong,
          counterexample: assumeCase('denied', role, one),
          decision: by ?? outcome(decisions),
        });
      }
    }
  }
  if (!anybody && firstRight !== undefined) failures.add(nobody(role, firstRight));
  return { cases: count, failures: failures.all() };
}

function nobody(role: Role, right: Attempt): Failure<'nobody'> {
  const decision = outcome(attempt(role, right));
  return { kind: 'nobody', counterexample: assumeCase('allowed', role, right), decision };
}

function whatIsWrong(one: Attempt, question: TrustQuestion): Exclude<TrustFailure, 'nobody'> | undefined {
  const { caller, tags, externalId } = one;
  const claims = caller.type === 'role' ? question.callers.get(caller.arn) : undefined;
  if (claims === undefined) return 'caller';
  const keys = new Set(question.tagKeys.map((key) => key.toLowerCase()));
  if (question.tagKeys.some((key) => !tagValue(tags, key))) return 'missingTag';
  if (tags.some(({ key }) => !keys.has(key.toLowerCase()))) return 'otherTag';
  if ([...claims].some(([key, allowed]) => !allowed.has(tagValue(tags, key) ?? ''))) return 'pinnedTag';
  const { externalIds } = question;
  if (externalIds !== undefined && !externalIds.includes(externalId ?? '')) return 'externalId';
  return undefined;
}

/** Statements that let a service or somebody from an identity provider assume a role, by the principal that they name. */
export function outsidersIn(
  role: Role,
): { readonly statement: Statement; readonly principal: PrincipalPattern }[] {
  return role.trust.statements.flatMap((statement) => {
    if (statement.effect === 'Deny') return [];
    const outside = (statement.principals ?? []).filter(
      ({ type }) => type === 'service' || type === 'federated',
    );
    return outside.map((principal) => ({ statement, principal }));
  });
}

const ofOutsiders = new Set([
  'aws:federatedprovider',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:sourceaccount',
  'aws:sourcearn',
]);
const ofAccounts = new Set(['aws:principalaccount', 'aws:principalarn', 'aws:principaltype']);
const typesOfAccounts = new Set(['AssumedRole', 'User']);

/**
 * Conditions by which a statement that names everybody is about services and users of identity providers: whether it
 * lets them in is not documented, and they are none of the callers that are tried.
 */
export function conditionsOnOutsiders({ statements }: Policy): Condition[] {
  const everybodys = statements.filter(
    ({ effect, principals = [] }) => effect === 'Allow' && principals.some(({ type }) => type === 'any'),
  );
  return everybodys.flatMap(({ conditions }) => conditions.filter(isOnOutsiders));
}

function isOnOutsiders({ key, operator, ifExists, quantifier, values }: Condition): boolean {
  if (ofOutsiders.has(key) || isTokenClaim(key)) return true;
  if (!ofAccounts.has(key)) return false;
  // These hold where there is no such key, and only users and roles of accounts have them for sure.
  if (/Not|^Null$/.test(operator) || ifExists || quantifier === 'ForAllValues') return true;
  return key === 'aws:principaltype' && !values.every(({ source }) => typesOfAccounts.has(source));
}
