import { sha256 } from '../sha256.ts';

/**
 * The name of a resource inside a CloudFormation template: the words of its own name, for people, and a checksum, so
 * that `a-b` and `a_b` differ and stay what they are when the other one comes or goes.
 * Source: CloudFormation User Guide, "Resources": letters and digits, at most 255.
 */
export function logicalId(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `${words.join('').slice(0, 240)}${checksum(name)}`;
}

/** The same in Terraform, where a name begins with a letter or "_" and may hold "_" and "-". */
export function terraformName(name: string): string {
  if (/^[A-Za-z_][\w-]*$/.test(name)) return name;
  return `_${name.replace(/[^\w-]/g, '_')}_${checksum(name)}`;
}

function checksum(name: string): string {
  return sha256(name).slice(0, 8).toUpperCase();
}
