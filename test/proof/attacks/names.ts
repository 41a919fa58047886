/** The policy variable that stands for a tag of the session. */
export function variableOf(key: string): string {
  return `\${aws:PrincipalTag/${key}}`;
}
