import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { fileKind } from '../../src/proof/files/paths.ts';
import { ProofInParts } from '../../src/proof/prove/in-parts.ts';
import { treeOf } from './attacks/tree.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** How many bytes a proof keeps of a file, where each service has a file of its cluster and one of AWS. */
function bytesKept(services: number, comment: string, description: string): number {
  const files = [...treeOf('twoServices')].map(([path, text]) => ({ path, text }));
  const [tenant] = files.filter(({ path }) => path.endsWith('services/service1.yaml'));
  const [secrets] = files.filter(({ path }) => path.endsWith('secrets/us-west-2/service1.json'));
  if (tenant === undefined || secrets === undefined) throw new Error('the tree has other files');
  const others = files.filter(({ path }) => !['tenant', 'secrets'].includes(fileKind(path)?.kind ?? ''));
  const proof = new ProofInParts(others);
  const before = heapUsed();
  for (let index = 0; index < services; index++) {
    const name = `another-service-${index}`;
    const renamed = ({ path, text }: typeof tenant) => ({
      path: path.replace('service1', name),
      text: text.replaceAll('service1', name),
    });
    const [manifest, template] = [renamed(tenant), renamed(secrets)];
    proof.add([
      { path: manifest.path, text: `# ${comment}\n${manifest.text}` },
      {
        path: template.path,
        text: template.text.replace('"Description": "', `"Description": "${description}`),
      },
    ]);
  }
  const bytes = (heapUsed() - before) / (2 * services);
  expect(proof.prove()?.counts.tenants ?? 'an error').toBe(services);
  return bytes;
}

it('what the proof keeps of a file is small, however large the file', () => {
  const bytesOfFile = bytesKept(200, 'x'.repeat(1e5), '');
  expect(bytesOfFile).toBeLessThan(10_000);
  expect(bytesOfFile).toBeGreaterThan(100);
});

it('what the proof keeps of a template is the same however long its description', () => {
  // The first time costs more, whatever they are.
  bytesKept(1000, '', '');
  // AWS takes no longer ones than 1024 characters.
  const long = bytesKept(1000, '', 'x'.repeat(900));
  expect(long).toBeLessThan(bytesKept(1000, '', '') + 200);
});
