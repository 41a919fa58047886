import type { KubernetesObject } from '../../support/run-compile.ts';
import type { ApiRequest } from '../support/client.ts';
import type { User } from '../support/users.ts';

/** The policies that dist holds. */
export type Policy =
  | 'eso-abac-secretstores'
  | 'eso-abac-externalsecrets'
  | 'eso-abac-cluster-kinds'
  | 'eso-abac-namespaces'
  | 'eso-abac-guard';

/**
 * A change of a good SecretStore or ExternalSecret of service1 into a bad one, as a JSON merge patch (RFC 7386). It is
 * tried in every way in which an object can be written.
 */
export interface Forgery {
  readonly attack: string;
  readonly change: { readonly metadata?: object; readonly spec?: object };
}

/** Requests by a tenant, each of which must be denied by one policy. They stand by themselves: one may do without the others. */
export interface Attack {
  readonly attack: string;
  readonly policy: Policy;
  /** Default: tenant1. */
  readonly by?: User;
  /** What an administrator made before. */
  readonly given?: readonly KubernetesObject[];
  readonly requests: readonly ApiRequest[];
  /** The API version of the operator without which there is no such attack. */
  readonly through?: 'v1alpha1';
}

/** Stands for the attacker's namespace, that of service1, in the data of attacks. */
export const own = 'own-namespace';

/** A JSON merge patch: https://www.rfc-editor.org/rfc/rfc7386#section-2 */
export function merged(target: unknown, change: unknown): unknown {
  if (!isObject(change)) return change;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
