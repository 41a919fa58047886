import { z } from 'zod';
import type { Location } from '../../findings/finding.ts';
import type { HelmValues, Reading, Source } from '../files/model.ts';
import { locate, objectsIn } from '../files/tenants.ts';
import { readKnown } from './known.ts';

/** What would let the operator serve more than one namespace, or others have its rights. The chart's own values differ. */
const off = z.literal(false);
const on = z.literal(true);

/**
 * What pods may use gives nobody anything. No node has millions of processors, and without a pod nobody's secrets arrive.
 *
 * Source: Kubernetes, "Quantity", as far as it is usual.
 */
const amounts = z.strictObject({
  cpu: z
    .string()
    .regex(/^(?:\d{1,5}m|\d{1,2}(?:\.\d+)?)$/, 'an amount such as 50m')
    .optional(),
  memory: z
    .string()
    .regex(/^\d+(?:\.\d+)?(?:k|[KMG]i|[MG])?$/, 'an amount such as 128Mi')
    .optional(),
});

/** Of one with a suffix. */
const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  ...{ M: 1e6, G: 1e9 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 },
};

function sizeOf(text: string): number {
  return Number.parseFloat(text) * (factors[text.replace(/^[\d.]+/, '')] ?? 1);
}

/** Kubernetes takes no pod that asks for more than it may use. */
const resources = z.strictObject({ requests: amounts, limits: amounts }).refine(({ requests, limits }) =>
  (['cpu', 'memory'] as const).every((key) => {
    const [asked, most] = [requests[key], limits[key]];
    return asked === undefined || most === undefined || sizeOf(asked) <= sizeOf(most);
  }),
);
const metrics = z.strictObject({ service: z.strictObject({ enabled: z.boolean() }) });
/** Kubernetes takes none that is beyond 32 bits, and Helm writes what is beyond a million as no whole number. */
const count = z.int().nonnegative().max(1000);
const pods = {
  podDisruptionBudget: z.strictObject({ enabled: z.boolean(), minAvailable: count }),
  replicaCount: count.positive(),
  resources,
  metrics,
};

/** In an annotation of a service account: the role that its pods ask for. Source: Amazon EKS User Guide, "IRSA". */
const roleAnnotation = 'eks.amazonaws.com/role-arn';

/**
 * The values of the operator's Helm chart, as far as they are known. Among the others are some that bring further objects
 * into the cluster, other images, or programs' arguments.
 *
 * Source: `values.yaml` of the chart external-secrets.
 */
export const helmValues = z.strictObject({
  processClusterStore: off,
  processClusterExternalSecret: off,
  processClusterPushSecret: off,
  processClusterGenerator: off,
  processPushSecret: off,
  genericTargets: z.strictObject({ enabled: off }),
  rbac: z.strictObject({
    create: on,
    aggregateToAdmin: off,
    aggregateToEdit: off,
    aggregateToView: off,
    // For stores of other providers, which the admission policies have to let through.
    serviceAccountTokenCreate: z.boolean(),
    servicebindings: z.strictObject({ create: off }),
  }),
  systemAuthDelegator: off,
  serviceAccount: z.strictObject({
    create: on,
    name: z.string(),
    annotations: z.strictObject({ [roleAnnotation]: z.string() }).optional(),
  }),
  crds: z.strictObject({ annotations: z.strictObject({ 'helm.sh/resource-policy': z.literal('keep') }) }),
  leaderElect: on,
  ...pods,
  webhook: z.strictObject({ ...pods, failurePolicy: z.literal('Fail') }),
  certController: z.strictObject({ resources, metrics }),
});

/** Reads the values of a cluster's Helm chart. What is not known, or not as it has to be, is reported. */
export function readHelmValues(source: Source, reading: Reading): HelmValues | undefined {
  const documents = objectsIn(source, reading);
  if (documents === undefined) return undefined;
  if (documents.length > 1)
    reading.document(locate(source, { document: 1, path: [] }), 'a second document', 'the values alone');
  const values = readKnown(source, 0, documents[0], helmValues, reading);
  if (values === undefined) return undefined;
  const { name, annotations } = values.serviceAccount;
  const role = annotations?.[roleAnnotation];
  return { serviceAccount: name, ...(role !== undefined && { role }), values, source };
}

/** Where it stands who the operator is. */
export function placeOfServiceAccount({ source }: HelmValues): Location {
  return locate(source, { document: 0, path: ['serviceAccount', 'name'] });
}
