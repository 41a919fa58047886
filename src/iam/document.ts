/** A policy document, of a role, of its trust or of an organisation. Source: IAM User Guide, "IAM JSON policy elements". */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** One statement. A trust policy has a principal and no resource, every other the reverse. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Principal;
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Conditions;
}

/** Who is meant. None of ours is a wildcard. */
export type Principal =
  | { readonly AWS: readonly string[] }
  | { readonly Service: string }
  | { readonly Federated: string };

/** Operator → key → values. All operators and keys must hold, and of several values one must match. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Puts statements into a document. */
export function policyDocument(statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

/** The values of a condition: a list only where there are several. */
export function oneOrMany(values: readonly string[]): string | readonly string[] {
  const [first, ...others] = values;
  return first !== undefined && others.length === 0 ? first : values;
}

/** The same value under several keys. */
export function forEachKey<Value>(
  keys: readonly string[],
  entry: (key: string) => readonly [name: string, value: Value],
): Record<string, Value> {
  return Object.fromEntries(keys.map(entry));
}
