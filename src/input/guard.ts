import { z } from 'zod';
import { guardAllows } from './guard-names.ts';

/** Kubernetes: a service account is a DNS-1123 subdomain in a namespace, which is a label. */
const serviceAccountPattern =
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\/[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const deployerAllowed =
  'a service account as namespace/name, { user: <name> } or { group: <name> }, such as argocd/argocd-application-controller';

/** Users and groups are named by whatever authenticates them: ARNs, mail addresses, prefixes with a colon. */
const subject = (what: string) =>
  z
    .string()
    .min(1, { abort: true, error: `the name of ${what}` })
    .max(1024, { abort: true, error: `the name of ${what} of at most 1024 characters` })
    .regex(
      /^[^\p{C}\s](?:[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\s])?$/u,
      `the name of ${what}, on one line and without spaces around it`,
    );

/** A service account, a user or a group that may change what namespaces claim. */
const deployer = z.union(
  [
    z
      .string()
      .max(317, { abort: true, error: deployerAllowed })
      .regex(serviceAccountPattern, deployerAllowed),
    z.strictObject({
      user: subject('a user').optional().describe('A user, by the name that the API server knows.'),
      group: subject('a group').optional().describe('A group, by the name that the API server knows.'),
    }),
  ],
  deployerAllowed,
);

/** `guard:` of services.yaml. */
export const guardSchema = z.strictObject({
  deployers: z
    .array(deployer)
    .max(100, 'at most 100 deployers')
    .optional()
    .describe(
      'Who may set, change and remove the labels that say what a namespace may claim. Default: cluster administrators.',
    ),
  allow: z
    .array(
      z.enum(
        guardAllows,
        'a provider of SecretStores such as vault, or a kind of generator such as Password; docs/guard.md has the list',
      ),
    )
    .max(100, 'at most 100 names')
    .optional()
    .describe(
      "Other providers of SecretStores and kinds of generators that tenants' namespaces may hold. Default: none.",
    ),
});
