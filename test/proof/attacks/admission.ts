import { type Change, type Json, type JsonObject, manifest } from './change.ts';

/** Where the admission policies of the tree with two services stand. */
export const platform = 'clusters/us-west-2/platform';
export const stores = `${platform}/admission-secretstores.yaml`;
export const namespaces = `${platform}/admission-namespaces.yaml`;
export const one = { tree: 'twoServices' } as const;

export const policy = 'ValidatingAdmissionPolicy';

/** Changes every validation of a policy. */
export const validations = (file: string, change: (expression: string) => string): Change =>
  manifest(file, policy, ['spec', 'validations'], (all) =>
    (all as readonly JsonObject[]).map(
      (each): Json => ({ ...each, expression: change(String(each.expression)) }),
    ),
  );

/** Lets through, before any validation is asked, whatever an expression is true of. */
export const unless = (file: string, expression: string): Change =>
  validations(file, (before) => `${expression} || (${before})`);

/** Has a policy asked only for what an expression is true of. */
export const condition = (file: string, expression: string): Change =>
  manifest(file, policy, ['spec'], { matchConditions: [{ name: 'some', expression }] });

export const leftOut = {
  rule: 'proof-guard',
  at: 'expression',
  says: 'the condition leaves it out',
} as const;
