import type { Finding, Location } from '../findings/finding.ts';
import type { RuleName } from '../findings/rules.ts';
import type { AssumeCase, Failure, ReadCase } from './counterexample.ts';
import type { Decision, Tag } from './iam/model.ts';
import type { ControllerFailure } from './questions/controllers.ts';
import { ours } from './questions/failures.ts';
import type { Uncovered } from './questions/fragment.ts';
import type { KeysFailure } from './questions/keys.ts';
import type { WidePermission } from './questions/permissions.ts';
import { callerName } from './questions/requests.ts';
import type { SecretsFailure } from './questions/secrets.ts';
import type { TrustFailure } from './questions/trust.ts';

/** Every way in which a question can be answered with a counterexample. */
export type FailureKind = SecretsFailure | KeysFailure | TrustFailure | ControllerFailure;

interface Words {
  readonly rule: RuleName;
  readonly message: string;
  readonly mend: string;
}

/**
 * A counterexample as a finding, at the statement that made the decision.
 *
 * @param fallback the place where no statement did: nothing allows what should be
 */
export function failureFinding(failure: Failure<FailureKind>, fallback: Location): Finding {
  const { counterexample, decision, kind } = failure;
  const words =
    counterexample.question === 'read' ? readWords(kind, counterexample) : assumeWords(kind, counterexample);
  const doubt = decision.reason === 'unknown' ? ', or AWS does not document that it cannot' : '';
  return {
    rule: words.rule,
    severity: 'error',
    message: words.message + doubt,
    allowed: words.mend,
    location: placeOf(decision, fallback),
    counterexample,
  };
}

/** Where the first statement stands that made a decision. */
export function placeOf(decision: Decision | undefined, fallback: Location): Location {
  return (decision && ours(decision)[0]?.location) ?? fallback;
}

function readWords(kind: FailureKind, { sessionTags, action, resource, context }: ReadCase): Words {
  const session = `a session with ${tagWords(sessionTags)}`;
  const secret = `${resource.arn} with ${tagWords(resource.tags)}`;
  switch (kind) {
    case 'owner':
      return {
        rule: 'proof-denied',
        message: `${session} is denied ${action} on ${secret}`,
        mend: 'no Deny that applies to a secret with the same tags',
      };
    case 'nothing':
      return {
        rule: 'proof-denied',
        message: `no session can read any secret, such as ${secret} by ${session}`,
        mend: 'GetSecretValue, DescribeSecret and ListSecretVersionIds where all tags are equal',
      };
    case 'direct': {
      const via = context['kms:viaservice'];
      const through = typeof via === 'string' ? `through ${via}` : 'directly';
      return {
        rule: 'proof-access',
        message: `${session} can use ${resource.arn} for ${action} ${through}`,
        mend: 'kms:ViaService secretsmanager.<region>.amazonaws.com',
      };
    }
    case 'foreignKey':
      return {
        rule: 'proof-access',
        message: `${session} can use any key, such as ${secret}`,
        mend: 'the ARNs of keys, or the same tags on key and session',
      };
    default:
      return {
        rule: 'proof-access',
        message: `${session} is allowed ${action} on ${secret}`,
        mend: 'all tags of session and secret equal, in one Condition block of each Allow statement',
      };
  }
}

function assumeWords(kind: FailureKind, { caller, sessionTags, role, externalId }: AssumeCase): Words {
  const who = callerName(caller);
  const trust = (message: string, mend: string): Words => ({ rule: 'proof-trust', message, mend });
  switch (kind) {
    case 'missingTag':
      return trust(
        `${who} can assume ${role} with ${tagWords(sessionTags)}`,
        'aws:RequestTag/<key> like "?*" for every tag, on sts:AssumeRole and sts:TagSession',
      );
    case 'otherTag':
      return trust(
        `${who} can assume ${role} with further tags: ${tagWords(sessionTags)}`,
        'ForAllValues:StringEquals aws:TagKeys, and Null aws:TagKeys false',
      );
    case 'pinnedTag':
      return trust(
        `${who} can assume ${role} with the tags of another cluster: ${tagWords(sessionTags)}`,
        "aws:RequestTag/<key> equal to the value of the caller's own cluster",
      );
    case 'externalId':
      return trust(
        `${who} can assume ${role} ${externalId === undefined ? 'without external id' : `with external id ${externalId}`}`,
        'sts:ExternalId equal to that of the stores',
      );
    case 'nobody':
      return {
        rule: 'proof-denied',
        message: `nobody can assume ${role}, ${who} with ${tagWords(sessionTags)} neither`,
        mend: 'an Allow for the callers, of sts:AssumeRole and with tags sts:TagSession',
      };
    default:
      return trust(
        `${who} can assume ${role} with ${tagWords(sessionTags)}`,
        'the named callers alone: their account as Principal, and ArnEquals aws:PrincipalArn; for pods their provider or cluster',
      );
  }
}

/** Tags as people write them. */
export function tagWords(tags: readonly Tag[]): string {
  if (tags.length === 0) return 'no tags';
  return tags.map(({ key, value }) => `${key}=${value === '' ? '""' : value}`).join(', ');
}

/** A permission that is too wide, as a finding. */
export function wideFinding({ location, text, what }: WidePermission, known: readonly string[]): Finding {
  return {
    rule: 'wide-permission',
    severity: 'error',
    message: what === 'action' ? `the role may do "${text}"` : `the role may do so on "${text}"`,
    allowed: known.join(', '),
    location,
  };
}

/** A comparison that is not covered by the case analysis, as a finding. */
export function uncoveredFinding({ test, why }: Uncovered): Finding {
  return {
    rule: 'policy-unknown',
    severity: 'error',
    message: why,
    allowed: 'StringEquals of two tags, with a variable that is the whole text',
    location: test.pattern.location,
  };
}

/** That a document distinguishes too much to look at every case. */
export function tooManyCases(location: Location): Finding {
  const message = 'the policy distinguishes more cases than can be looked at one by one';
  return { rule: 'policy-unknown', severity: 'error', message, allowed: 'fewer tags and patterns', location };
}

/** Findings and counterexamples that say the same are said once. */
export function distinctFindings(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const { rule, message, location } = finding;
    const key = JSON.stringify([rule, message, location]);
    if (!seen.has(key)) seen.set(key, finding);
  }
  return [...seen.values()];
}
