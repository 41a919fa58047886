import { z } from 'zod';
import { dnsLabel, dnsSubdomain } from '../dns-names.ts';
import { durationSeconds } from '../duration.ts';
import { regionPattern } from '../findings/regions.ts';
import { longestSecretKey, secretKeyPattern, secretKeyWords } from '../secret-key.ts';
import { gitopsSchema } from './gitops.ts';
import { guardSchema } from './guard.ts';

/**
 * The format of services.yaml, as zod schemas. Each check's text says what is allowed; it follows
 * "allowed:" in a report. Limits stand in the patterns' comments with the rule they come from.
 */

/** Placeholders such as `{service}` may stand in names that are decided for each service and cluster. */
const placeholder = '\\{[a-z.]+\\}';

/** Kubernetes: a DNS-1123 label, at most 63 characters (namespaces, and here services and clusters). */
const label = (what: string) =>
  z
    .string()
    .max(63, { abort: true, error: `${what} of at most 63 characters` })
    .regex(
      dnsLabel,
      `${what}: lower-case letters, digits and "-", beginning and ending with a letter or digit`,
    );

/** Kubernetes: a DNS-1123 subdomain, at most 253 characters (Secrets, ExternalSecrets, SecretStores). */
const objectName = (what: string) =>
  z
    .string()
    .max(253, { abort: true, error: `${what} of at most 253 characters` })
    .regex(
      dnsSubdomain,
      `${what}: lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit`,
    );

/** A DNS-1123 label with placeholders; what it becomes is checked when they are filled in. */
const namespace = z
  .string()
  .min(1, { abort: true, error: 'a namespace, which cannot be empty' })
  .max(253, { abort: true, error: 'a namespace of at most 253 characters' })
  .regex(
    new RegExp(`^(?:[-a-z0-9]|${placeholder})+$`),
    'a namespace: lower-case letters, digits and "-", with placeholders like {service} or {cluster.region}',
  );

const account = z.string().regex(/^[0-9]{12}$/, 'an AWS account id: twelve digits in quotes');
const region = z
  .string()
  .max(32, { abort: true, error: 'an AWS region such as us-west-2' })
  .regex(regionPattern, 'an AWS region such as us-west-2');

/** IAM: role names hold 1–64 of `[\w+=,.@-]`, paths at most 512 characters between slashes. */
export const rolePattern =
  /^(?:arn:aws[a-z-]*:iam::[0-9]{12}:role(?=\/))?(?:\/[\w+=,.@/-]{1,510}\/|\/)?(?!\.\.?$)[\w+=,.@-]{1,64}$/;
export const roleAllowed = 'a role name (1–64 of letters, digits and "_+=,.@-"), /path/name or role ARN';
const role = z
  .string()
  .max(600, { abort: true, error: 'a role name, /path/name or role ARN' })
  .regex(rolePattern, roleAllowed);

/** A role for each cluster; what it becomes is checked when the placeholders are filled in. */
const roleTemplate = z
  .string()
  .max(600, { abort: true, error: 'a role name, /path/name or role ARN' })
  .regex(
    new RegExp(`^(?:[\\w+=,.@/:-]|${placeholder})+$`),
    `${roleAllowed}, with placeholders like {cluster.name}`,
  );

/** IAM: policy names hold 1–128 of `[\w+=,.@-]`. */
const managedPolicy = z
  .string()
  .max(700, { abort: true, error: 'the name or ARN of a managed policy' })
  .regex(
    /^(?:arn:aws[a-z-]*:iam::(?:[0-9]{12}|aws):policy\/(?:[\w+=,.@-]+\/)*)?[\w+=,.@-]{1,128}$/,
    'the name of a managed policy (1–128 of letters, digits and "_+=,.@-") or its ARN',
  );

/** IAM policies name a key by its ARN alone; the ARN of an alias matches nothing. */
const keyArn = z
  .string()
  .max(256, { abort: true, error: 'the ARN of a KMS key' })
  .regex(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]{1,128}$/,
    'the ARN of a KMS key, arn:aws:kms:<region>:<account>:key/<id>; an alias does not work in a policy',
  );

/** Go's time.ParseDuration, which the operator reads refreshInterval with; negative ones make no sense here. */
const duration = z
  .string()
  .max(64, { abort: true, error: 'a duration such as 1h, 15m or 1h30m' })
  .regex(/^(?:0|(?:[0-9]+(?:\.[0-9]+)?(?:ns|us|[\u00b5\u03bc]s|ms|s|m|h))+)$/, {
    abort: true,
    error: 'a duration such as 1h, 15m or 1h30m',
  })
  .refine(
    (text) => !Number.isNaN(durationSeconds(text)),
    'a duration of at most 2562047h, the longest that Go knows',
  );

/** In admission policies tags are texts of CEL, whose functions count these characters otherwise than JavaScript does. */
const noSurrogates = /^[^\u{10000}-\u{10ffff}]*$/u;
const noSurrogatesAllowed = { abort: true, error: 'characters up to U+FFFF alone' };

/** AWS: tag keys hold at most 128 characters and do not begin with aws:, in any case. */
const tagKey = z
  .string()
  .max(128, { abort: true, error: 'a tag key of at most 128 characters' })
  .regex(noSurrogates, noSurrogatesAllowed)
  .regex(
    /^(?![aA][wW][sS]:| )[\p{L}\p{N} _.:/=+@-]+(?<! )$/u,
    'a tag key: letters, digits, spaces within and "_.:/=+-@", not beginning with "aws:"',
  );

/** AWS: tag values hold at most 256 characters of the same alphabet; placeholders come on top. */
const tagValue = z
  .string()
  .min(1, { abort: true, error: 'a tag value, which cannot be empty' })
  .max(256, { abort: true, error: 'a tag value of at most 256 characters' })
  .regex(noSurrogates, noSurrogatesAllowed)
  .regex(
    new RegExp(`^(?:[\\p{L}\\p{N} _.:/=+@-]|${placeholder})+$`, 'u'),
    'a tag value: letters, digits, spaces and "_.:/=+-@", or placeholders like {cluster.environment}',
  );

/** Secrets Manager: names hold 1–512 of `[A-Za-z0-9/_+=.@-]`. */
const secretName = z
  .string()
  .max(2048, { abort: true, error: 'a secret name of at most 512 characters, or its ARN' })
  .regex(
    new RegExp(
      `^(?:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]{1,519}|(?:[A-Za-z0-9/_+=.@-]|${placeholder}){1,512})$`,
    ),
    'a secret name (1–512 of letters, digits and "/_+=.@-", or placeholders like {service}) or a full ARN',
  );

const secretKey = z
  .string()
  .max(longestSecretKey, { abort: true, error: `a key of at most ${longestSecretKey} characters` })
  .regex(secretKeyPattern, `a key of a Kubernetes Secret: ${secretKeyWords}`);

const secretEntry = z
  .strictObject({
    name: secretName.describe('Name or full ARN of the secret in AWS Secrets Manager.'),
    as: objectName('an object name')
      .optional()
      .describe(
        'Name of the ExternalSecret and of the Kubernetes Secret. Entries with the same name share one.',
      ),
    target: objectName('an object name')
      .optional()
      .describe('Name of the Kubernetes Secret where it is not that of the ExternalSecret.'),
    keys: z
      .record(
        secretKey,
        z.string().min(1, 'the name of a JSON property').max(1024, 'at most 1024 characters'),
      )
      .optional()
      .describe('Chosen properties of a JSON secret: key in the Kubernetes Secret → property in AWS.'),
    extract: z
      .literal(true, 'true, without quotes; leave it out otherwise')
      .optional()
      .describe('Every property of a JSON secret becomes a key.'),
    type: z
      .string()
      .min(1, 'a Secret type such as kubernetes.io/tls')
      .max(253, 'a Secret type of at most 253 characters')
      .optional()
      .describe('Type of the Kubernetes Secret, such as kubernetes.io/tls. Default: Opaque.'),
    template: z
      .record(
        secretKey,
        z
          .string()
          .max(16384, 'at most 16384 characters')
          .regex(/\{\{/, 'a text with at least one {{ .key }} in it'),
      )
      .optional()
      .describe(
        "Keys built from the fetched ones by the operator's templates; then only these go into the Secret.",
      ),
    version: z
      .string()
      .regex(/^[A-Za-z0-9/_+=.@-]{1,256}$/, 'a version stage such as AWSPREVIOUS, or uuid/<version id>')
      .optional()
      .describe(
        'Version stage (AWSCURRENT, AWSPREVIOUS, your own) or uuid/<version id>. Default: AWSCURRENT.',
      ),
    refreshInterval: duration
      .optional()
      .describe('How often the operator reads the secret, as a Go duration.'),
  })
  .describe('One secret, with what becomes of it in Kubernetes.');

const secret = z
  .union([secretName, secretEntry])
  .describe('A secret: its name alone, or a mapping with more about it.');
const secrets = z
  .array(secret)
  .max(1000, 'at most 1000 secrets of one service')
  .describe('The AWS Secrets Manager secrets that are needed.');

const service = z.strictObject({
  name: label('a service name').describe('Name of the service: the value of its tag in AWS.'),
  namespace: namespace.optional().describe('Its namespace. Default: defaults.namespace.'),
  regions: z
    .array(region)
    .min(1, 'at least one region')
    .optional()
    .describe('Every cluster in these regions.'),
  clusters: z
    .array(z.string())
    .min(1, 'at least one cluster')
    .optional()
    .describe('These clusters, by name.'),
  secrets,
});

const shared = z.strictObject({
  name: label('a name').describe('Identity of the shared secrets: the value of their tag in AWS.'),
  services: z
    .union([
      z.literal('*', 'a list of services, or "*" for all'),
      z.array(z.string()).min(1, 'at least one service'),
    ])
    .describe('The services that may read them, or "*" for all.'),
  secrets,
});

const cluster = z.strictObject({
  region: region.describe('AWS region of the cluster and of the secrets it reads.'),
  environment: z
    .string()
    .regex(noSurrogates, noSurrogatesAllowed)
    .regex(/^[\p{L}\p{N} _.:/=+@-]{1,256}$/u, 'letters, digits, spaces and "_.:/=+-@"')
    .optional()
    .describe('Environment such as prod, for {cluster.environment}.'),
  account: account.optional().describe('AWS account of the cluster. Default: aws.account.'),
  oidcProvider: z
    .string()
    .regex(/^[a-z0-9.-]{1,253}(?:\/[\w./-]{1,200})?$/, 'host and path of the OIDC issuer, without https://')
    .optional()
    .describe('OIDC issuer of the cluster without https://, for IAM roles for service accounts.'),
  podIdentity: z
    .literal(true, 'true, without quotes; leave it out otherwise')
    .optional()
    .describe("The operator's pods get their role by EKS Pod Identity."),
  controllerRole: roleTemplate
    .optional()
    .describe("The operator's own role in this cluster. Default: aws.controllerRole."),
  kubernetes: z
    .string()
    .regex(/^1\.[0-9]{1,3}$/, 'a minor version of Kubernetes in quotes, such as "1.34"')
    .optional()
    .describe('Version of Kubernetes, in quotes. Default: "1.34".'),
  guard: z
    .literal(false, 'false, without quotes; leave it out otherwise')
    .optional()
    .describe('No admission policies: whoever may write a SecretStore may then claim any session tag.'),
});

/** The main file. */
export const specSchema = z.strictObject({
  version: z.literal(1, 'the number 1').describe('Version of this format.'),
  aws: z
    .strictObject({
      account: account.describe('AWS account id, in quotes.'),
      accessRole: role
        .optional()
        .describe('The role that reads secrets: name, /path/name or ARN. Default: eso-secrets-access.'),
      controllerRole: roleTemplate
        .optional()
        .describe("The operator's own role; it may hold {cluster.name}. Default: eso-controller."),
      roleChain: z
        .array(roleTemplate)
        .min(1, 'at least one role')
        .max(8, 'at most 8 roles')
        .optional()
        .describe('Roles that the operator assumes before the access role, in order and without tags.'),
      permissionsBoundary: managedPolicy
        .optional()
        .describe("Permissions boundary of every role: a managed policy's ARN, or its name in each account."),
      kms: z
        .union([
          z.string().regex(/^none$/, 'none, { keys: [<key ARN>] } or { byTag: true }'),
          z.strictObject({
            keys: z.array(keyArn).min(1, 'at least one key ARN').optional().describe('Keys by their ARNs.'),
            byTag: z
              .literal(true, 'true, without quotes; leave it out otherwise')
              .optional()
              .describe('Keys that carry the same tags as the secret.'),
          }),
        ])
        .optional()
        .describe('Customer managed keys that secrets are encrypted with. Default: none.'),
      primaryRegion: region
        .optional()
        .describe('Region of the secrets themselves; in other regions they are replicas. Default: none.'),
      administrators: z
        .array(role)
        .min(1, 'at least one role')
        .optional()
        .describe('Roles that may change the tags that decide who reads. Default: no guard.'),
      partition: z
        .string()
        .regex(/^aws(?:-[a-z]+)*$/, 'an AWS partition such as aws, aws-cn or aws-us-gov')
        .optional()
        .describe('AWS partition. Default: from the region.'),
      externalId: z
        .string()
        .regex(/^[\w+=,.@:/-]{2,1224}$/, '2–1224 letters, digits and "_+=,.@:/-"')
        .optional()
        .describe('External id that the access role asks for.'),
    })
    .describe('The AWS side.'),
  externalSecrets: z
    .strictObject({
      version: z
        .string()
        .regex(/^[0-9]+\.[0-9]+\.[0-9]+$/, 'a release such as 2.9.0')
        .optional()
        .describe('Release of External Secrets Operator in the clusters. Default: the newest known.'),
      namespace: label('a namespace')
        .optional()
        .describe("The operator's namespace. Default: external-secrets."),
      serviceAccount: objectName('a service account')
        .regex(/^(?!default$)/, 'another than "default": pods that name no service account have that one')
        .optional()
        .describe("The operator's service account. Default: external-secrets."),
    })
    .optional()
    .describe('The operator that runs in the clusters.'),
  abac: z
    .strictObject({
      tagKey: tagKey
        .optional()
        .describe("Tag on each secret and session tag; its value is the service's name. Default: ekssecret."),
      tags: z.record(tagKey, tagValue).optional().describe('More tags that must match as well, all of them.'),
    })
    .optional()
    .describe('The tags that decide who reads what.'),
  guard: guardSchema.optional().describe('What keeps a tenant from claiming the tags of another one.'),
  gitops: gitopsSchema.optional().describe('Objects for Argo CD and Flux, which apply dist to the clusters.'),
  clusters: z
    .record(label('a cluster name'), cluster)
    .optional()
    .describe('The clusters by name. Without it, each region named is one cluster of that name.'),
  defaults: z
    .strictObject({
      refreshInterval: duration.optional().describe('Default: 1h.'),
      namespace: namespace.optional().describe('Default: {service}-ns.'),
      store: objectName('a SecretStore name').optional().describe('Default: aws-secretsmanager.'),
      regions: z
        .array(region)
        .min(1, 'at least one region')
        .optional()
        .describe('For services that name no region or cluster.'),
    })
    .optional()
    .describe('What holds where a service says nothing else.'),
  include: z
    .array(
      z
        .string()
        .min(1, 'a file pattern such as services/*.yaml')
        .max(1024, 'a file pattern of at most 1024 characters'),
    )
    .max(1000, 'at most 1000 patterns')
    .optional()
    .describe('More files with services, as patterns relative to this file.'),
  services: z.array(service).optional().describe('The services.'),
  shared: z.array(shared).optional().describe('Secrets that several services read.'),
});

/** A file that `include` names: services, and nothing else. */
export const includeSchema = z.strictObject({ services: z.array(service).describe('The services.') });

/** What services.yaml and its included files say, before any default is filled in. */
export type Spec = z.infer<typeof specSchema>;
export type ServiceSpec = z.infer<typeof service>;
export type SharedSpec = z.infer<typeof shared>;
export type ClusterSpec = z.infer<typeof cluster>;
export type SecretSpec = z.infer<typeof secret>;

/** The JSON Schema (draft 2020-12) of the main file or of an included one, for editors. */
export function jsonSchema(kind: 'main' | 'include'): Record<string, unknown> {
  if (kind === 'main') return { ...z.toJSONSchema(specSchema), title: 'eso-abac services.yaml' };
  return { ...z.toJSONSchema(includeSchema), title: 'eso-abac services, included' };
}
