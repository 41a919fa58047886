import type { Finding } from '../../findings/finding.ts';
import type { Dist, Source } from '../files/model.ts';
import { text } from '../files/store.ts';
import { locate } from '../files/tenants.ts';
import { objectName } from '../guard/samples.ts';
import { mostFrequent } from './operator-findings.ts';

/**
 * What is written in another version of the operator's API than most is: which of the two is served nothing says, and a policy
 * that names the other one is about no request.
 */
export function versionFindings(
  { clusters }: Pick<Dist, 'clusters'>,
  files: ReadonlyMap<string, Source>,
): Finding[] {
  const samples = clusters.flatMap((cluster) => cluster.samples ?? []);
  const all = samples.flatMap(({ file, documents, stores, externalSecrets }) =>
    [...stores, ...externalSecrets].map((object) => {
      const document = documents.get(`${text(object.kind)} ${objectName(object)}`) ?? 0;
      return { apiVersion: text(object.apiVersion), file, document };
    }),
  );
  const usual = mostFrequent(all.map(({ apiVersion }) => apiVersion));
  const others = all.filter(({ apiVersion }) => apiVersion !== usual);
  return others.map(({ apiVersion, file, document }) => ({
    rule: 'proof-document',
    severity: 'error',
    message: `an object of ${apiVersion}, which the operator may not serve: others are of ${usual}`,
    allowed: usual,
    location: locate(files.get(file) ?? { path: file, text: '' }, { document, path: ['apiVersion'] }),
  }));
}
