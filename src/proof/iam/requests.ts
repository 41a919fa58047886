import type { Policies, Request, Session, Tag } from './model.ts';

/** A secret, as far as access depends on it. */
export interface Secret {
  /** With the random end, or with `*` or `?` characters in no place: it is a request's ARN, not a pattern. */
  readonly arn: string;
  readonly tags: readonly Tag[];
}

/** A customer managed key. */
export interface KmsKey {
  readonly arn: string;
  readonly tags: readonly Tag[];
}

/** What a session asks of Secrets Manager. `action` is for example `secretsmanager:GetSecretValue`. */
export function secretRequest(session: Session, action: string, secret: Secret): Request {
  throw new Error(`no request: ${session.role.arn} ${action} ${secret.arn}`);
}

/** What Secrets Manager asks of KMS on behalf of a session: kms:Decrypt, through secretsmanager.<region>.<suffix>. */
export function decryptRequest(session: Session, secret: Secret, key: KmsKey): Request {
  throw new Error(`no request: ${session.role.arn} ${secret.arn} ${key.arn}`);
}

/** The policies that bind a session's requests; the resource's own policy is added by who knows it. */
export function policiesOf(session: Session): Policies {
  throw new Error(`no policies: ${session.role.arn}`);
}
