import { loadAll } from 'js-yaml';
import { type Document, NotJudged } from './policy.ts';
import type { File, Json } from './world.ts';

/** A file that gives a role to the pods of a service account. */
export interface Grant {
  readonly cluster: string;
  readonly kind: 'eksctl' | 'pod';
  readonly role: string;
  readonly subject: string;
  readonly sessionPolicy?: Document;
}

/** The operator as it comes to be installed: by hand, by Argo CD or by Flux. */
export interface Operator {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** As tokens name its service account. */
  readonly subject: string;
  /** The role that its service account asks for by itself. */
  readonly role?: string;
}

/** As tokens name a service account. */
export function subjectOf(namespace: string, serviceAccount: string): string {
  return `system:serviceaccount:${namespace}:${serviceAccount}`;
}

/**
 * Who the operator of each cluster is, as somebody sees who installs it: the values of the chart name its service account,
 * and it goes into the one Namespace of the platform, or where Argo CD or Flux are told to put it.
 *
 * @throws NotJudged where a cluster has no values or not one Namespace
 */
export function operatorsIn(
  files: readonly File[],
  platforms: ReadonlyMap<string, readonly Json[]>,
): Map<string, Operator[]> {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const argoCd = objectsIn(texts.get('gitops/argocd/operator.yaml'), 'ApplicationSet');
  return new Map(
    [...platforms].map(([cluster, objects]) => {
      const [values] = loadAll(texts.get(`operator/${cluster}/helm-values.yaml`) ?? '') as Json[];
      const namespaces = objects.filter(({ kind }) => kind === 'Namespace');
      if (!values || namespaces.length !== 1) throw new NotJudged(`who the operator of ${cluster} is`);
      const byArgoCd = argoCd.filter(({ spec }) =>
        spec.generators.some(({ list }: Json) => list.elements.some((one: Json) => one.cluster === cluster)),
      );
      const release = texts.get(`gitops/flux/${cluster}/operator/helm-release.yaml`);
      const all = [
        operator(namespaces[0].metadata.name, values),
        ...byArgoCd.map(({ spec }) => operator(spec.template.spec.destination.namespace, values)),
        ...objectsIn(release, 'HelmRelease').map(({ spec }) => operator(spec.targetNamespace, spec.values)),
      ];
      return [cluster, [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]];
    }),
  );
}

function objectsIn(text: string | undefined, kind: string): Json[] {
  return (loadAll(text ?? '') as Json[]).filter((object) => object?.kind === kind);
}

/** Source: templates of the chart external-secrets, and Amazon EKS User Guide, "IRSA". */
function operator(namespace: string, { serviceAccount }: Json): Operator {
  const { name, annotations } = serviceAccount;
  const role = annotations?.['eks.amazonaws.com/role-arn'];
  return {
    namespace,
    serviceAccount: name,
    subject: subjectOf(namespace, name),
    ...(role !== undefined && { role }),
  };
}
