/**
 * The AWS regions that are known, each with its partition, as in the endpoint data of the AWS SDKs.
 * A region that opened later still works: it is warned about, and its partition follows from its prefix.
 */
export const regions: ReadonlyMap<string, string> = new Map(
  Object.entries({
    aws: `af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
      ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
      ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2
      eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1
      us-west-2`,
    'aws-cn': 'cn-north-1 cn-northwest-1',
    'aws-us-gov': 'us-gov-east-1 us-gov-west-1',
    'aws-iso': 'us-iso-east-1 us-iso-west-1',
    'aws-iso-b': 'us-isob-east-1 us-isob-west-1',
    'aws-iso-e': 'eu-isoe-west-1',
    'aws-iso-f': 'us-isof-east-1 us-isof-south-1',
    'aws-eusc': 'eusc-de-east-1',
  }).flatMap(([partition, names]) => names.split(/\s+/).map((name) => [name, partition] as const)),
);

/**
 * The shape of every AWS region's name: an area, for some partitions a word more, a direction, a number of one digit.
 * A name of another shape is a misspelling, however new a region may be.
 */
export const regionPattern: RegExp =
  /^(?:[a-z]{2}|eusc)(?:-(?:gov|iso[a-z]?|[a-z]{2}))?-(?:central|north|south|(?:north|south)?(?:east|west))-[1-9]$/;

const partitionPrefixes: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

/** The partition that a region belongs to: the first part of every ARN there. */
export function partitionOf(region: string): string {
  const byPrefix = partitionPrefixes.find(([prefix]) => region.startsWith(prefix));
  return regions.get(region) ?? byPrefix?.[1] ?? 'aws';
}
