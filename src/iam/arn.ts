/** What the ARN of a role says. */
export interface RoleArn {
  readonly partition: string;
  readonly account: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly name: string;
}

/** Takes the ARN of a role apart. */
export function arnParts(arn: string): RoleArn {
  const [, partition = '', , , account = '', ...resource] = arn.split(':');
  const full = resource.join(':').slice('role'.length);
  const name = full.slice(full.lastIndexOf('/') + 1);
  return { partition, account, path: full.slice(0, full.length - name.length), name };
}
