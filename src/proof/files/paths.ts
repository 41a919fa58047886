/** What a file of dist is, by its path; undefined for files that this proof is not about. */
export type FileKind =
  | { readonly kind: 'tenant'; readonly cluster: string; readonly service: string }
  | { readonly kind: 'policy' | 'trust'; readonly account: string; readonly role: string }
  | { readonly kind: 'cloudformation' | 'terraform' | 'tagGuard'; readonly account: string }
  | { readonly kind: 'eksctl' | 'podIdentity'; readonly account: string; readonly cluster: string }
  | { readonly kind: 'platform' | 'helmValues'; readonly cluster: string }
  | { readonly kind: 'flux'; readonly cluster: string; readonly part: 'sync' | 'operator' }
  | { readonly kind: 'argocd' }
  | { readonly kind: 'secrets'; readonly account: string; readonly region: string; readonly identity: string }
  | { readonly kind: 'unknown' };

/**
 * What a file is. Everything below these folders is the proof's matter, for it is applied as it stands, and what is none of the
 * files that it knows there is `unknown`.
 */
export function fileKind(path: string): FileKind | undefined {
  const [top = '', of = '', ...rest] = path.split('/');
  if (path === top) return decidesBelow.has(path) ? { kind: 'unknown' } : undefined;
  if (top === 'clusters') return inCluster(of, rest) ?? { kind: 'unknown' };
  if (top === 'operator') return ofOperator(of, rest) ?? { kind: 'unknown' };
  if (top === 'gitops') return ofGitops(of, rest) ?? { kind: 'unknown' };
  if (top === 'aws') return inAccount(of, rest) ?? { kind: 'unknown' };
  return folders.has(anyCase(top)) ? { kind: 'unknown' } : undefined;
}

/**
 * Files that decide about every folder below them: Flux leaves out what the one names, and by the other git writes other bytes
 * than those that were committed, or none.
 *
 * Source: Flux, "Git Repositories"; https://git-scm.com, gitattributes.
 */
const decidesBelow = new Set(['.sourceignore', '.gitattributes']);

const folders = new Set(['aws', 'clusters', 'gitops', 'operator']);

/** A path as file systems know it that take names for one whose case differs, as those of macOS and Windows do. */
export function anyCase(path: string): string {
  return path.normalize('NFKC').toLowerCase();
}

function inCluster(cluster: string, [folder, file, ...deeper]: readonly string[]): FileKind | undefined {
  const name = without('.yaml', file);
  if (cluster === '' || name === undefined || deeper.length > 0) return undefined;
  if (folder === 'services') return { kind: 'tenant', cluster, service: name };
  return folder === 'platform' && !isPassedOver(name) ? { kind: 'platform', cluster } : undefined;
}

/**
 * Whether engines take a file of such a name for something else than objects: Flux leaves it out, or both take it for
 * instructions on its folder.
 *
 * Source: Flux, "Git Repositories", default exclusions; kustomize; Argo CD, "Parameter Overrides".
 */
export function isPassedOver(name: string): boolean {
  return name.startsWith('.') || ['cloudbuild', 'kustomization'].includes(anyCase(name));
}

function ofOperator(cluster: string, [file, ...deeper]: readonly string[]): FileKind | undefined {
  const isIt = cluster !== '' && file === 'helm-values.yaml' && deeper.length === 0;
  return isIt ? { kind: 'helmValues', cluster } : undefined;
}

function ofGitops(engine: string, rest: readonly string[]): FileKind | undefined {
  const name = without('.yaml', rest.at(-1));
  if (name === undefined || isPassedOver(name)) return undefined;
  if (engine === 'argocd') return rest.length === 1 ? { kind: 'argocd' } : undefined;
  const [cluster = '', part] = rest;
  if (engine !== 'flux' || rest.length !== 3 || cluster === '') return undefined;
  return part === 'sync' || part === 'operator' ? { kind: 'flux', cluster, part } : undefined;
}

const inAccountFolder: Readonly<Record<string, 'cloudformation' | 'terraform' | 'tagGuard'>> = {
  'cloudformation.json': 'cloudformation',
  'terraform.tf.json': 'terraform',
  'tag-guard.json': 'tagGuard',
};

function inAccount(account: string, rest: readonly string[]): FileKind | undefined {
  if (!/^[0-9]{12}$/.test(account)) return undefined;
  const [folder = '', of = '', file, ...deeper] = rest;
  if (rest.length === 1) {
    const kind = Object.hasOwn(inAccountFolder, folder) ? inAccountFolder[folder] : undefined;
    return kind && { kind, account };
  }
  if (rest.length === 2) {
    const cluster = without('.json', of);
    if (cluster === undefined) return undefined;
    if (folder === 'eksctl') return { kind: 'eksctl', account, cluster };
    return folder === 'pod-identity' ? { kind: 'podIdentity', account, cluster } : undefined;
  }
  const name = without('.json', file);
  if (of === '' || name === undefined || deeper.length > 0) return undefined;
  if (folder === 'secrets') return { kind: 'secrets', account, region: of, identity: name };
  const isOfRole = folder === 'roles' && (name === 'policy' || name === 'trust');
  return isOfRole ? { kind: name, account, role: of } : undefined;
}

/** The name of a file without its ending; undefined when it has another one, or no name before it. */
function without(ending: string, file: string | undefined): string | undefined {
  return file?.endsWith(ending) && file.length > ending.length ? file.slice(0, -ending.length) : undefined;
}
