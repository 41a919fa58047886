import { z } from 'zod';
import { helmValues } from './helm-values.ts';
import { chart, chartVersion, inDist, interval, metadata, objectName, timeout } from './known.ts';

/** With an expression that Flux cannot compile, or two for one kind, it applies nothing. */
function health<Kind extends string>(kind: Kind) {
  return z.strictObject({
    apiVersion: z.enum(['external-secrets.io/v1', 'external-secrets.io/v1beta1']),
    kind: z.literal(kind),
    current: z.literal("status.conditions.exists(one, one.type == 'Ready' && one.status == 'True')"),
  });
}

/**
 * Makes the schemas of the objects of Flux, by folder and kind, as far as they are known: none of them alters what it
 * applies. The folder `sync` is applied by hand, and so comes before everything that waits for something.
 */
export function fluxObjects() {
  const gitRepository = z.strictObject({
    apiVersion: z.literal('source.toolkit.fluxcd.io/v1'),
    kind: z.literal('GitRepository'),
    metadata,
    spec: z.strictObject({
      url: z.string(),
      // Each such that its text alone says what it is.
      ref: z.union([
        z.strictObject({ branch: z.string().regex(/^(?!refs\/|[0-9a-f]{40}$)./) }),
        z.strictObject({ name: z.string().startsWith('refs/') }),
        z.strictObject({ commit: z.string().regex(/^[0-9a-f]{40}$/) }),
      ]),
      secretRef: z.strictObject({ name: objectName }).optional(),
      interval,
      timeout,
    }),
  });

  const kustomization = z.strictObject({
    apiVersion: z.literal('kustomize.toolkit.fluxcd.io/v1'),
    kind: z.literal('Kustomization'),
    metadata,
    spec: z.strictObject({
      dependsOn: z.tuple([z.strictObject({ name: z.string() })]).optional(),
      sourceRef: z.strictObject({ kind: z.literal('GitRepository'), name: z.string() }),
      path: inDist('(?:gitops/flux/[\\w-]+/(?:sync|operator)|clusters/[\\w-]+/(?:platform|services))'),
      interval,
      retryInterval: interval,
      timeout,
      force: z.literal(false),
      prune: z.boolean(),
      deletionPolicy: z.literal('Orphan'),
      wait: z.boolean(),
      healthCheckExprs: z.tuple([health('SecretStore'), health('ExternalSecret')]).optional(),
    }),
  });

  const helmRepository = z.strictObject({
    apiVersion: z.literal('source.toolkit.fluxcd.io/v1'),
    kind: z.literal('HelmRepository'),
    metadata,
    spec: z.strictObject({
      url: chart.repository,
      interval,
      provider: z.literal('generic'),
    }),
  });

  const step = (retries: z.ZodType<number>) =>
    z.strictObject({ crds: z.literal('CreateReplace'), remediation: z.strictObject({ retries }) });

  const helmRelease = z.strictObject({
    apiVersion: z.literal('helm.toolkit.fluxcd.io/v2'),
    kind: z.literal('HelmRelease'),
    metadata,
    spec: z.strictObject({
      chart: z.strictObject({
        spec: z.strictObject({
          chart: chart.name,
          version: chartVersion,
          sourceRef: z.strictObject({ kind: z.literal('HelmRepository'), name: z.string() }),
          reconcileStrategy: z.literal('ChartVersion'),
        }),
      }),
      releaseName: chart.name,
      targetNamespace: z.string(),
      storageNamespace: z.string(),
      interval,
      timeout,
      // As often as it takes: without an operator no secret arrives.
      install: step(z.literal(-1)),
      upgrade: step(z.int()),
      values: helmValues,
    }),
  });

  return {
    sync: { GitRepository: gitRepository, Kustomization: kustomization },
    operator: { HelmRepository: helmRepository, HelmRelease: helmRelease },
  } as const;
}
