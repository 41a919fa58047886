/**
 * The object name that a secret's name becomes: lower case, each character that Kubernetes does not allow replaced
 * by `-`, and those that may not begin or end a part of it dropped. It can still be too long or empty.
 */
export function objectNameOf(secretName: string): string {
  const name = secretName.toLowerCase().replace(/[^a-z0-9.-]/g, '-');
  if (!/^[-.]|[-.]$|\.[-.]|-\./.test(name)) return name;
  return name
    .split('.')
    .map((part) => part.replace(/^-+|(?<!-)-+$/g, ''))
    .filter((part) => part !== '')
    .join('.');
}

/** The key that a whole secret becomes: its name, each character that a Secret's key cannot hold replaced by `-`. */
export function secretKeyOf(secretName: string): string {
  return secretName.replace(/[^-._a-zA-Z0-9]/g, '-');
}

/** The parts of a Secrets Manager ARN that matter here. */
export interface SecretArn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** The secret's name, without the hyphen and six characters that AWS adds. */
  readonly name: string;
}

/** Takes a Secrets Manager ARN apart; undefined when the text is a plain name. */
export function parseSecretArn(text: string): SecretArn | undefined {
  // A pattern takes longer to say so.
  if (!text.startsWith('arn:')) return undefined;
  const match = /^arn:(aws[a-z-]*):secretsmanager:([a-z0-9-]+):([0-9]{12}):secret:(.+)$/.exec(text);
  if (match === null) return undefined;
  const [, partition = '', region = '', account = '', resource = ''] = match;
  return { partition, region, account, name: endsLikeArn(resource) ? resource.slice(0, -7) : resource };
}

/** Whether a text ends in a hyphen and six characters, as AWS ends each secret's ARN. */
export function endsLikeArn(text: string): boolean {
  return text.at(-7) === '-' && /[A-Za-z0-9]{6}$/.test(text);
}
