import type { Path } from '../findings/finding.ts';
import { partitionOf } from '../findings/regions.ts';
import type { Spec } from '../input/schema.ts';
import type { Cluster, Kms } from './model.ts';
import { compare, list } from './order.ts';
import type { Reporter } from './reporter.ts';

/** What the input says about customer managed keys. Keys that no secret can be encrypted with are reported. */
export function resolveKms(spec: Spec, clusters: readonly Cluster[], reporter: Reporter): Kms {
  const { kms } = spec.aws;
  if (kms === undefined || typeof kms === 'string') return { kind: 'none' };
  if ((kms.keys === undefined) === (kms.byTag === undefined)) {
    const message = kms.keys
      ? '"keys" and "byTag" exclude each other'
      : '"kms" says neither "keys" nor "byTag"';
    reporter.report('invalid-value', ['aws', 'kms'], message, {
      allowed: 'none, { keys: [<key ARN>] } or { byTag: true }',
      target: 'key',
    });
  }
  const { keys: arns } = kms;
  if (arns === undefined) return { kind: 'byTag' };
  const keys = arns.map((arn, index) => {
    const [, partition = '', , region = '', account = ''] = arn.split(':');
    checkKey({ arn, partition, region }, ['aws', 'kms', 'keys', index], spec, clusters, reporter);
    if (arns.indexOf(arn) !== index) {
      reporter.report('invalid-value', ['aws', 'kms', 'keys', index], 'the key stands in the list twice', {
        allowed: 'each once',
      });
    }
    return { arn, account, region };
  });
  return { kind: 'keys', keys: keys.sort((a, b) => compare(a.arn, b.arn)) };
}

function checkKey(
  key: { arn: string; partition: string; region: string },
  path: Path,
  spec: Spec,
  clusters: readonly Cluster[],
  reporter: Reporter,
): void {
  const read = new Set(clusters.map(({ region }) => region));
  if (spec.aws.primaryRegion !== undefined) read.add(spec.aws.primaryRegion);
  if (!read.has(key.region)) {
    const message = `the key is in region "${key.region}", where no secret is read`;
    reporter.report('invalid-value', path, message, { allowed: `a key in ${list(read)}` });
  } else if (!clusters.some(({ partition }) => partition === key.partition)) {
    const message = `the key is in partition "${key.partition}", and no cluster is`;
    reporter.report('invalid-value', path, message, { allowed: `partition ${partitionOf(key.region)}` });
  }
}
