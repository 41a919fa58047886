import { z } from 'zod';
import { chart, chartVersion, inDist, metadata, objectName } from './known.ts';
import type { KnownBy } from './objects.ts';

/** An annotation that names files: as long as no other changes, Argo CD applies what it has applied before. */
export const lookedAt = 'argocd.argoproj.io/manifest-generate-paths';

/** What takes the place of a parameter of a generator. */
const cluster = '\\{\\{ \\.cluster \\}\\}';

/** An object of Argo CD. */
export type ArgoCdObject = KnownBy<ReturnType<typeof argoCdObjects>>;
/** What makes the Applications of one part, for each cluster. */
export type ApplicationSet = Extract<ArgoCdObject, { readonly kind: 'ApplicationSet' }>;
/** What Applications may apply, and where. */
export type AppProject = Extract<ArgoCdObject, { readonly kind: 'AppProject' }>;

/**
 * Makes the schemas of the objects of Argo CD, by kind, as far as they are known: none of them alters what it applies. Most
 * runs need none.
 */
export function argoCdObjects() {
  return {
    Application: objectOf('Application', application()),
    ApplicationSet: objectOf('ApplicationSet', applicationSet()),
    AppProject: objectOf('AppProject', appProject()),
  } as const;
}

function objectOf<Kind extends string, Spec extends z.ZodType>(kind: Kind, spec: Spec) {
  return z.strictObject({
    apiVersion: z.literal('argoproj.io/v1alpha1'),
    kind: z.literal(kind),
    metadata,
    spec,
  });
}

function application() {
  return z.strictObject({
    project: objectName,
    destination: z.strictObject({
      server: z.literal('https://kubernetes.default.svc'),
      namespace: z.string(),
    }),
    source: folder(inDist('gitops/argocd'), z.literal('*.yaml')),
    syncPolicy: syncPolicy(),
  });
}

function applicationSet() {
  return z.strictObject({
    goTemplate: z.literal(true),
    goTemplateOptions: z.tuple([z.literal('missingkey=error')]),
    generators: z.tuple([generator()]),
    template: z.strictObject({
      metadata: z.strictObject({
        name: z.string(),
        annotations: z.strictObject({ [lookedAt]: z.string() }).optional(),
      }),
      spec: z.strictObject({
        project: z.string(),
        destination: z.strictObject({
          name: z.literal('{{ .destination }}'),
          namespace: z.string().optional(),
        }),
        source: folder(
          inDist(`clusters/${cluster}/(?:platform|services)`),
          z.enum(['*.yaml', '{{ .path.filename }}']),
        ).optional(),
        sources: operator().optional(),
        syncPolicy: syncPolicy(),
      }),
    }),
    syncPolicy: z.strictObject({
      applicationsSync: z.literal('create-update'),
      preserveResourcesOnDeletion: z.literal(true),
    }),
  });
}

/** Part of names, and of labels, of which 63 characters is the most: with another one Argo CD makes no Application. */
const shortName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,29}$/, 'at most 30 characters of a name');

/** A list of clusters, or each file of services of each of them. */
function generator() {
  const list = z.strictObject({
    list: z.strictObject({
      elements: z.array(z.strictObject({ cluster: z.string(), shortName, destination: z.string() })),
    }),
  });
  const files = z.strictObject({
    git: z.strictObject({
      repoURL: z.string(),
      revision: z.string(),
      files: z.tuple([z.strictObject({ path: inDist(`clusters/${cluster}/services/\\*\\.yaml`) })]),
    }),
  });
  return z.strictObject({
    ...list.partial().shape,
    matrix: z.strictObject({ generators: z.tuple([list, files]) }).optional(),
  });
}

/** A folder of manifests that are applied as they stand. */
function folder(path: z.ZodType<string>, include: z.ZodType<string>) {
  return z.strictObject({
    repoURL: z.string(),
    targetRevision: z.string(),
    path,
    directory: z.strictObject({ include }),
  });
}

/** The operator's chart, with the values that stand in dist. */
function operator() {
  return z.tuple([
    z.strictObject({
      repoURL: chart.repository,
      targetRevision: chartVersion,
      chart: chart.name,
      helm: z.strictObject({
        releaseName: chart.name,
        valueFiles: z.tuple([inDist(`operator/${cluster}/helm-values\\.yaml`, '\\$values/')]),
      }),
    }),
    z.strictObject({ repoURL: z.string(), targetRevision: z.string(), ref: z.literal('values') }),
  ]);
}

function syncPolicy() {
  return z.strictObject({
    automated: z.strictObject({
      prune: z.boolean().optional(),
      allowEmpty: z.boolean().optional(),
      // What somebody changes in a cluster would stay, admission policies too.
      selfHeal: z.literal(true),
    }),
    // What has no room for all of it in an annotation, such as CRDs of the operator, is not applied without the first.
    syncOptions: z.tuple([z.literal('ServerSideApply=true')], z.literal('PruneLast=true')),
    // Applications wait for each other by failing.
    retry: z.strictObject({
      limit: z.literal(10),
      backoff: z.strictObject({
        duration: z.literal('10s'),
        factor: z.literal(2),
        maxDuration: z.literal('3m'),
      }),
    }),
  });
}

function appProject() {
  const kinds = z.array(z.strictObject({ group: z.string(), kind: z.string() }));
  return z.strictObject({
    description: z.string().max(255),
    sourceRepos: z.array(z.string()),
    // With `!` in front it would be what is denied.
    destinations: z.array(
      z.strictObject({
        name: z.string().regex(/^(?!!)[^*?[{]+$/, 'no pattern'),
        namespace: z.literal('*').or(objectName),
      }),
    ),
    clusterResourceWhitelist: kinds,
    namespaceResourceWhitelist: kinds,
  });
}
