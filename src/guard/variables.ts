import { guardedLabelPrefixes, serviceLabel, sharedLabelPrefix } from '../fleet/labels.ts';
import type { Variable } from './admission-policy.ts';
import { lines, quote } from './cel.ts';

/** Whether `key` is that of a label which says what a namespace may claim. */
export function isGuardedLabel(key: string): string {
  return lines(
    guardedLabelPrefixes.map((prefix) => `${key}.startsWith(${quote(prefix)})`),
    '||',
  );
}

/** What the labels of the object's namespace say. */
export const namespaceVariables: readonly Variable[] = [
  {
    name: 'labels',
    expression: 'has(namespaceObject.metadata.labels)\n? namespaceObject.metadata.labels\n: {}',
  },
  { name: 'isTenant', expression: `variables.labels.exists(key,\n${isGuardedLabel('key')})` },
  {
    name: 'service',
    expression: `${quote(serviceLabel)} in variables.labels\n? variables.labels[${quote(serviceLabel)}]\n: ''`,
  },
  {
    name: 'identities',
    expression: lines(
      [
        "[variables.service].filter(name, name != '')",
        `variables.labels.filter(key,\nkey.startsWith(${quote(sharedLabelPrefix)}) && variables.labels[key] == 'true'` +
          `).map(key, key.substring(${sharedLabelPrefix.length}))`,
      ],
      '+',
    ),
  },
];

/**
 * Whether an update leaves the specification as it is. Such a change gives nobody anything, and the operator and
 * Kubernetes must be able to remove a finalizer from an object that would be refused today.
 */
export const isUnchanged: Variable = {
  name: 'isUnchanged',
  expression: "request.operation == 'UPDATE' &&\nobject.?spec.orValue({}) == oldObject.?spec.orValue({})",
};

/**
 * Whether Kubernetes' own authorization lets the user change what namespaces may claim. The question names no
 * namespace, so that a RoleBinding never answers it.
 */
export const mayClaim: Variable = {
  name: 'mayClaim',
  expression: "authorizer.group('eso-abac').resource('identities')\n.check('claim').allowed()",
};
