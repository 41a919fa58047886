import { conditions } from './conditions.ts';
import { harmless } from './harmless.ts';
import { rights } from './rights.ts';

export { harmless };

/** Every attack, in the order of docs/security.md. */
export const groups = [conditions, rights];
