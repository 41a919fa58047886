import { z } from 'zod';

const repositoryAllowed =
  'the URL of a Git repository, without a user, token or password in it: https://host/path.git, ssh://git@host/path.git or git@host:path.git';

/**
 * Argo CD takes these forms, and Flux all but the last, which is written as the second for it. Git and Flux know schemes
 * in lower case alone. No http: whoever stands in between could replace what is deployed. No text that templates or
 * glob patterns know.
 */
const repository = z
  .string()
  .max(1024, { abort: true, error: repositoryAllowed })
  .regex(
    /^(?:https:\/\/|ssh:\/\/(?:[A-Za-z_][\w.-]*@)?)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:\/[\w.~%+-]+)+\/?$|^[A-Za-z_][\w.-]*@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?:(?!\/)[\w.~%+/-]+$/,
    repositoryAllowed,
  );

/** Git: git-check-ref-format forbids more than this leaves; what templates know is left out altogether. */
const revision = z
  .string()
  .max(255, { abort: true, error: 'a branch, refs/tags/<tag> or a commit' })
  .regex(
    /^(?!.*(?:\.\.|\/\/|@\{|\.lock$|[/.]$))[A-Za-z0-9][A-Za-z0-9._/@#+-]*$/,
    'a branch, refs/tags/<tag> or a commit: letters, digits and "._/@#+-"',
  );

const folder = z
  .string()
  .max(512, { abort: true, error: 'a folder in the repository, of at most 512 characters' })
  .regex(
    /^(?:\.|(?!\.{1,2}(?:\/|$))[\w.-]+(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)*)$/,
    'a folder in the repository such as platform/dist, or "." for all of it: letters, digits and "._-", no ".."',
  );

/** Kubernetes: a DNS-1123 label. */
const namespace = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'a namespace: at most 63 lower-case letters, digits and "-"',
  );

/** Argo CD names a cluster as it likes, by its ARN for example; a project compares the name with glob patterns. */
const destination = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,252}$/, 'the name of a cluster in Argo CD, such as in-cluster');

const argocd = z.strictObject({
  namespace: namespace.optional().describe('Namespace of Argo CD. Default: argocd.'),
  applicationFor: z
    .enum(['cluster', 'service'], 'cluster or service')
    .optional()
    .describe(
      'Whether the services of a cluster are one Application, or each is one of its own. Default: cluster.',
    ),
  clusters: z
    .record(z.string(), destination)
    .optional()
    .describe('Names of clusters in Argo CD where they are others than here.'),
});

const flux = z.strictObject({
  namespace: namespace.optional().describe('Namespace of the objects of Flux. Default: flux-system.'),
  secretRef: z
    .string()
    .max(253, { abort: true, error: 'the name of a Secret of at most 253 characters' })
    .regex(
      /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
      'the name of a Secret: lower-case letters, digits, "-" and "."',
    )
    .optional()
    .describe('Name of the Secret in that namespace with the credentials for the repository.'),
});

/** `gitops:` of services.yaml. */
export const gitopsSchema = z.strictObject({
  repository: repository.describe('URL of the Git repository that dist is committed to.'),
  revision: revision
    .optional()
    .describe('Branch, refs/tags/<tag> or commit that is deployed. Default: main.'),
  path: folder.optional().describe('Folder of dist in the repository. Default: dist.'),
  argocd: argocd.optional().describe('Objects for Argo CD; {} for the defaults.'),
  flux: flux.optional().describe('Objects for Flux; {} for the defaults.'),
});
