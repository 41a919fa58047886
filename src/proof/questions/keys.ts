import { resourceTests, type ValueTests, valueTests } from '../cases/tests.ts';
import { CaseValues } from '../cases/values.ts';
import type { Answer, CaseContext, Failure } from '../counterexample.ts';
import type { Policy, Session } from '../iam/model.ts';
import type { Resource } from '../iam/requests.ts';
import type { Glob } from '../witness/automaton.ts';
import { FailureList } from './failures.ts';
import { decide, decryptAction, isDenied, readCase, sessionContext } from './requests.ts';
import { arnValues, exampleArn, freeContexts } from './resources.ts';
import { ownsIt, policiesFor, type SecretsQuestion } from './secrets.ts';
import { sessionWith } from './sessions.ts';
import { tagPairs } from './tag-pairs.ts';

/**
 * - `direct`: a session decrypts with a key other than through Secrets Manager
 * - `foreignKey`: a session decrypts with a key that no statement names and that does not carry the session's tags
 */
export type KeysFailure = 'direct' | 'foreignKey';

const throughSecretsManager: Glob = { parts: [{ type: 'text', text: 'secretsmanager.' }, { type: 'any' }] };

/**
 * Does some session of the role decrypt with a KMS key other than for Secrets Manager, or with a key that is neither
 * named by its ARN nor tagged as the session is? Any key that could exist, of any account.
 *
 * @throws TooManyCases
 */
export function askAboutKeys({ role, tagKeys }: SecretsQuestion): Answer<KeysFailure> {
  const policies = policiesFor(role);
  const tests = valueTests(policies);
  const values = new CaseValues();
  const named = keysNamedIn(policies);
  const failures = new FailureList<KeysFailure>();
  let count = 0;
  const arn = exampleArn(role, 'kms', 'key/');
  for (const pair of tagPairs({ role, policies, tests, tagKeys, action: decryptAction, arn }, values)) {
    const session = sessionWith(role, pair.session);
    const context = sessionContext(session);
    const contexts = keyContexts(session, tests, values);
    const arns = arnValues(
      role,
      'kms',
      'key/',
      resourceTests(policies),
      tests,
      context,
      values,
      'any account',
    );
    for (const one of [...arns, ...named]) {
      const key = { arn: one, tags: pair.resource };
      for (const context of contexts) {
        count++;
        const failure = judge(session, key, context, tagKeys, named);
        if (failure !== undefined) failures.add(failure);
      }
    }
  }
  return { cases: count, failures: failures.all() };
}

/** What a request to KMS may say besides who asks for which key: nothing, or through which service for which secret. */
function keyContexts(session: Session, tests: ValueTests, values: CaseValues): CaseContext[] {
  const context = sessionContext(session);
  const prefer = ['secretsmanager.us-west-2.amazonaws.com', 'ec2.us-west-2.amazonaws.com'];
  const services = tests.get('kms:viaservice') ?? [];
  const via = [null, ...values.of(services, context, [throughSecretsManager], { prefer })];
  const secrets = tests.get('kms:encryptioncontext:secretarn');
  const arns = secrets === undefined ? [null] : [...values.of(secrets, context), null];
  return freeContexts(tests, context, values).flatMap((free) =>
    via.flatMap((service) =>
      arns.map(
        (arn): CaseContext => ({
          ...free,
          'kms:viaservice': service,
          'kms:encryptioncontext:secretarn': arn,
          'kms:calleraccount': session.principal.account,
        }),
      ),
    ),
  );
}

/** The ARNs of keys that stand in an Allow statement without a wildcard. */
function keysNamedIn(policies: readonly Policy[]): Set<string> {
  const allowing = policies.flatMap(({ statements }) =>
    statements.filter(({ effect }) => effect === 'Allow'),
  );
  const patterns = allowing.flatMap(({ resources }) => (resources?.not ? [] : (resources?.values ?? [])));
  const plain = patterns.filter(({ parts }) => parts.every(({ type }) => type === 'text'));
  return new Set(plain.map(({ source }) => source).filter((arn) => /^arn:[^:]*:kms:/.test(arn)));
}

function judge(
  session: Session,
  key: Resource,
  context: CaseContext,
  tagKeys: readonly string[],
  named: ReadonlySet<string>,
): Failure<KeysFailure> | undefined {
  const isThrough = String(context['kms:viaservice'] ?? '').startsWith('secretsmanager.');
  if (isThrough && (named.has(key.arn) || ownsIt(session, key, tagKeys))) return undefined;
  const decision = decide(session, decryptAction, key, context);
  if (isDenied(decision)) return undefined;
  const kind = isThrough ? 'foreignKey' : 'direct';
  return { kind, counterexample: readCase('denied', session, decryptAction, key, { context }), decision };
}
