import { Application, ApplicationSet, AppProject } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
import { HelmRelease } from '@kubernetes-models/flux-cd/helm.toolkit.fluxcd.io/v2';
import { Kustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1';
import { GitRepository, HelmRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1';

interface Model {
  validate(): void;
}

/** Each kind that is generated here, as Argo CD's and Flux's own CRDs describe it. */
const models: Readonly<Record<string, new (object: never) => Model>> = {
  Application,
  ApplicationSet,
  AppProject,
  GitRepository,
  HelmRelease,
  HelmRepository,
  Kustomization,
};

/** The kinds for which there is a schema of upstream. */
export const upstreamKinds: readonly string[] = Object.keys(models);

/** What upstream's schema says against an object; nothing when it is fine. */
export function refusal(object: { readonly kind: string }): string | undefined {
  const Model = models[object.kind];
  if (Model === undefined) return `no schema of upstream for ${object.kind}`;
  try {
    new Model(object as never).validate();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
