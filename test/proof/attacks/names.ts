/** The policy variable that stands for a tag of the session. */
export function variableOf(key: string): string {
  return variableFor(`aws:PrincipalTag/${key}`);
}

/** The policy variable that stands for the value of a condition key. */
export function variableFor(key: string): string {
  return `\${${key}}`;
}
