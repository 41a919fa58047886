import { ApiObject, type ApiObjectMetadata, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { managedByLabel } from '../fleet/labels.ts';

/** A Kubernetes object as plain data. */
export type GitopsObject = Record<string, unknown>;

/** The objects that a function makes in a scope, in the order in which it makes them. */
export function objectsOf(make: (scope: Construct) => void): GitopsObject[] {
  const chart = new Chart(new App(), 'gitops');
  make(chart);
  return chart.node.children
    .filter((child) => ApiObject.isApiObject(child))
    .map((object) => nameFirst(object.toJson() as GitopsObject));
}

/** Metadata with the label of everything that this project makes. */
export function ownMetadata(name: string, namespace: string): ApiObjectMetadata {
  return { name, namespace, labels: { ...managedByLabel } };
}

/** Name and namespace before everything else, as people write them. */
function nameFirst(object: GitopsObject): GitopsObject {
  const { name, namespace, ...rest } = object.metadata as Record<string, unknown>;
  return { ...object, metadata: { name, namespace, ...rest } };
}
