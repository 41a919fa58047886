/** What a file of dist is, by its path; undefined for files that this proof is not about. */
export type FileKind =
  | { readonly kind: 'tenant'; readonly cluster: string; readonly service: string }
  | { readonly kind: 'policy' | 'trust'; readonly account: string; readonly role: string }
  | { readonly kind: 'cloudformation' | 'terraform' | 'tagGuard'; readonly account: string }
  | { readonly kind: 'eksctl' | 'podIdentity'; readonly account: string; readonly cluster: string }
  | { readonly kind: 'platform'; readonly cluster: string }
  | { readonly kind: 'secrets'; readonly account: string; readonly region: string; readonly identity: string }
  | { readonly kind: 'unknown' };

const account = '(?<account>[0-9]{12})';
const patterns = {
  tenant: /^clusters\/(?<cluster>[^/]+)\/services\/(?<service>[^/]+)\.yaml$/,
  platform: /^clusters\/(?<cluster>[^/]+)\/platform\/[^/]+\.yaml$/,
  policy: new RegExp(`^aws/${account}/roles/(?<role>[^/]+)/policy\\.json$`),
  trust: new RegExp(`^aws/${account}/roles/(?<role>[^/]+)/trust\\.json$`),
  cloudformation: new RegExp(`^aws/${account}/cloudformation\\.json$`),
  terraform: new RegExp(`^aws/${account}/terraform\\.tf\\.json$`),
  tagGuard: new RegExp(`^aws/${account}/tag-guard\\.json$`),
  eksctl: new RegExp(`^aws/${account}/eksctl/(?<cluster>[^/]+)\\.json$`),
  podIdentity: new RegExp(`^aws/${account}/pod-identity/(?<cluster>[^/]+)\\.json$`),
  secrets: new RegExp(`^aws/${account}/secrets/(?<region>[^/]+)/(?<identity>[^/]+)\\.json$`),
};

/**
 * What a file is. Everything below aws/ and clusters/ is the proof's matter, for it is applied as it stands, and what is
 * none of the files that it knows there is `unknown`.
 */
export function fileKind(path: string): FileKind | undefined {
  for (const [kind, pattern] of Object.entries(patterns)) {
    const groups = pattern.exec(path)?.groups;
    if (groups !== undefined) return { kind, ...groups } as FileKind;
  }
  return /^(aws|clusters)\//.test(path) ? { kind: 'unknown' } : undefined;
}
