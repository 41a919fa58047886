/** The ARN of a role that is given by name, by /path/name or by ARN. */
export function roleArn(role: string, partition: string, account: string): string {
  if (role.startsWith('arn:')) return role;
  return `arn:${partition}:iam::${account}:role${role.startsWith('/') ? '' : '/'}${role}`;
}
