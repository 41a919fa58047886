import type { Harmless } from './attack.ts';

export const harmless: readonly Harmless[] = [];
