import type { Finding, Location } from '../../findings/finding.ts';
import type { Answer } from '../counterexample.ts';
import type { DistRole } from '../files/model.ts';
import {
  type FailureKind,
  failureFinding,
  tooManyCases,
  uncoveredFinding,
  wideFinding,
} from '../findings.ts';
import { conditionKey } from '../iam/keys.ts';
import type { Condition, Role } from '../iam/model.ts';
import { askAboutController, type ControllerQuestion, otherServicesIn } from '../questions/controllers.ts';
import { uncovered } from '../questions/fragment.ts';
import { askAboutKeys } from '../questions/keys.ts';
import { accessActions, actionsBeyond, hopActions, resourcesBeyond } from '../questions/permissions.ts';
import { askAboutSecrets, policiesFor } from '../questions/secrets.ts';
import { askAboutTrust, conditionsOnOutsiders, outsidersIn, type TrustQuestion } from '../questions/trust.ts';
import { TooManyCases } from '../witness/witnesses.ts';

/** What was found about one role, and in how many cases. */
export interface RoleResult {
  readonly findings: readonly Finding[];
  readonly cases: number;
}

/** Everything that is asked about an access role: what it may do, of which secrets and keys, and who assumes it. */
export function judgeAccessRole(question: TrustQuestion, places: Places): RoleResult {
  const { role, tagKeys } = question;
  return combine(
    found(actionsBeyond(role.identity, accessActions).map((wide) => wideFinding(wide, accessActions))),
    judgeAccessPolicy(role, tagKeys, places.policy),
    judgeTrust(question, places.trust),
  );
}

/** Where to point when no statement is to blame, but one is missing. */
export interface Places {
  readonly policy: Location;
  readonly trust: Location;
}

/** What an access role may read and decrypt: any secret, any key. */
export function judgeAccessPolicy(role: Role, tagKeys: readonly string[], place: Location): RoleResult {
  return combine(
    found(uncovered(policiesFor(role)).map(uncoveredFinding)),
    ask(() => askAboutSecrets({ role, tagKeys }), place),
    ask(() => askAboutKeys({ role, tagKeys }), place),
  );
}

/** Who can assume a role, and with which tags. */
export function judgeTrust(question: TrustQuestion, place: Location): RoleResult {
  const { role, tagKeys } = question;
  const outsiders = outsidersIn(role).map(
    ({ statement, principal }): Finding => ({
      rule: 'proof-trust',
      severity: 'error',
      message: `${principal.value} can assume ${role.arn}`,
      allowed: 'roles alone, named by aws:PrincipalArn',
      location: statement.location,
    }),
  );
  const own = new Set(tagKeys.map((key) => key.toLowerCase()));
  const roleTags = role.tags
    .filter(({ key }) => own.has(key.toLowerCase()))
    .map(
      ({ key }): Finding => ({
        rule: 'proof-trust',
        severity: 'error',
        message: `the role itself has the tag "${key}", which its sessions have without claiming it`,
        allowed: 'a role without the tags that decide who reads',
        location: place,
      }),
    );
  return combine(
    found([...outsiders, ...roleTags]),
    found(actionsBeyond([role.trust], hopActions).map((wide) => wideFinding(wide, hopActions))),
    found(uncovered([role.trust]).map(uncoveredFinding)),
    found(conditionsOnOutsiders(role.trust).map(outsidersFinding)),
    ask(() => askAboutTrust(question), place),
  );
}

/** Everything that is asked about a role on the way: it may do nothing but assume the next one. */
export function judgeHop({ role }: DistRole, roles: ReadonlySet<string>): RoleResult {
  const others = [...roles].filter((arn) => arn !== role.arn);
  return found([
    ...actionsBeyond(role.identity, hopActions).map((wide) => wideFinding(wide, hopActions)),
    ...resourcesBeyond(role.identity, new Set(others)).map((wide) =>
      wideFinding(wide, ['ARNs of roles in dist']),
    ),
  ]);
}

const controllerActions = [...hopActions, 'sts:AssumeRoleWithWebIdentity'];

/** Who gets a controller role. */
export function judgeController(question: ControllerQuestion, place: Location): RoleResult {
  const { role } = question;
  const services = otherServicesIn(role).map(
    ({ statement, principal }): Finding => ({
      rule: 'proof-trust',
      severity: 'error',
      message: `the service ${principal.value} can assume ${role.arn}`,
      allowed: 'pods.eks.amazonaws.com, or the identity provider of a cluster',
      location: statement.location,
    }),
  );
  return combine(
    found(services),
    found(actionsBeyond([role.trust], controllerActions).map((wide) => wideFinding(wide, controllerActions))),
    found(uncovered([role.trust]).map(uncoveredFinding)),
    found(conditionsOnOutsiders(role.trust).map(outsidersFinding)),
    ask(() => askAboutController(question), place),
  );
}

function outsidersFinding({ key, location }: Condition): Finding {
  return {
    rule: 'policy-unknown',
    severity: 'error',
    message: `"${conditionKey(key)?.name ?? key}" tells services and identity providers from others, and whether "*" lets them in is not documented`,
    allowed: 'the service or the identity provider as principal, or roles by their ARNs',
    location,
  };
}

/** Asks a question and puts its counterexamples into words. */
function ask(question: () => Answer<FailureKind>, place: Location): RoleResult {
  try {
    const { cases, failures } = question();
    return { cases, findings: failures.map((failure) => failureFinding(failure, place)) };
  } catch (problem) {
    if (!(problem instanceof TooManyCases)) throw problem;
    return found([tooManyCases(place)]);
  }
}

function found(findings: readonly Finding[]): RoleResult {
  return { findings, cases: 0 };
}

/** Several results as one. */
export function combine(...results: readonly RoleResult[]): RoleResult {
  return {
    findings: results.flatMap(({ findings }) => findings),
    cases: results.reduce((sum, { cases }) => sum + cases, 0),
  };
}
