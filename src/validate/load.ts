import { kinds } from '../../imports/crds.ts';
import { validators } from '../../imports/validators.ts';
import type { Finding } from '../findings/finding.ts';
import { builtinKinds } from './builtin.ts';
import { apiVersionOf, type CrdFile, Crds, type Kind, readCrds } from './crd.ts';

const builtin = builtinKinds.map(withValidators);

/** The kinds of what is generated here: Kubernetes' own and those of crds/, compiled ahead of time. */
export const generatedCrds: Crds = new Crds([...builtin, ...kinds.map(withValidators)]);

/** Those of them that manifests from anywhere can be held against: of the kinds in crds/gitops, fields are missing. */
export const ownCrds: Crds = new Crds(
  [...generatedCrds].filter(({ file }) => !file.startsWith('crds/gitops/')),
);

/**
 * Kubernetes' own kinds and those of CRDs that a user brings.
 *
 * @returns as `readCrds` does
 */
export function loadCrds(files: readonly CrdFile[]): { crds: Crds; findings: Finding[] } {
  const { kinds, findings } = readCrds(files);
  return { crds: new Crds([...builtin, ...kinds]), findings };
}

function withValidators(kind: Kind): Kind {
  const versions = kind.versions.map((version) => {
    const validate = validators[`${apiVersionOf(kind, version)} ${kind.kind}`];
    return validate ? { ...version, validate } : version;
  });
  return { ...kind, versions };
}
