import { type Origin, originByHeader } from './header.ts';

/** The folders in dist in which every file is ours. */
export const ownFolders: readonly string[] = ['aws', 'clusters', 'gitops', 'operator'];

/** Files below aws/. JSON has no comments, so there is no header: every file at such a path is ours. */
const awsFile =
  /^aws\/\d{12}\/(?:roles\/[^/]+\/(?:policy|trust)|cloudformation|terraform\.tf|tag-guard|eksctl\/[^/]+|pod-identity\/[^/]+|secrets\/[^/]+\/[^/]+)\.json$/;

/** What a shard says of itself beside its files. A dist of all services has none. */
export const shardRecordFile = 'eso-abac-shard.json';

/**
 * Tells whether this tool wrote a file of dist, and whether it was changed by hand since. Of a file without header
 * only the path is known: it is taken as written by this tool, and never as changed by hand.
 *
 * @param file its path in dist, with `/`
 */
export function originOf(file: string, content: string): Origin {
  if (file === shardRecordFile) return 'generated';
  if (!file.startsWith('aws/')) return originByHeader(content);
  return awsFile.test(file) ? 'generated' : 'foreign';
}
