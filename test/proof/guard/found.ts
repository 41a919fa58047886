import { expect } from 'vitest';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { binding, guardOf, namespace, platformOf, policy, role, roleBinding } from './platform.ts';

/** Objects with which nothing is wrong. */
export const whole: readonly Mapping[] = [policy(), binding(), role(), roleBinding(), namespace()];

/** All objects with one in place of that of its kind. */
export function withObject(object: Mapping): Mapping[] {
  return whole.map((one) => (one.kind === object.kind ? object : one));
}

/** Each finding, with the line that it points at, and the object in which that stands. */
export function told(objects: readonly Mapping[]) {
  const lines = platformOf(objects).text.split('\n');
  return guardOf(...objects).findings.map(({ rule, severity, message, allowed, location }) => {
    expect([severity, location?.file]).toEqual(['error', 'clusters/prod/platform/all.yaml']);
    const at = (location?.start.line ?? 0) - 1;
    return [rule, message, allowed, lines[at]?.trim()];
  });
}

/** A finding as `told` gives it. */
export type Told = readonly (string | undefined)[];
