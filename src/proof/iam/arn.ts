import { type Glob, matchesGlob } from './pattern.ts';

/** The six parts of an ARN: arn, partition, service, region, account, resource. The resource may hold colons. */
export const arnParts = 6;

/** The parts of a text that has the form of an ARN, else undefined. */
export function splitArn(text: string): readonly string[] | undefined {
  if (!text.startsWith('arn:')) return undefined;
  const [arn = '', partition = '', service = '', region = '', account, ...resource] = text.split(':');
  if (account === undefined || resource.length === 0) return undefined;
  return [arn, partition, service, region, account, resource.join(':')];
}

/** The account in an ARN, or undefined for what is no ARN. */
export function accountOf(arn: string): string | undefined {
  return splitArn(arn)?.[4];
}

/**
 * ArnEquals and ArnLike, which are the same: each of the six parts is compared for itself, with wildcards, so that a `*`
 * in one part never reaches into the next.
 *
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators", on the ARN operators.
 *
 * @param glob with at least five colons in its texts; documents with others are not judged
 * @param value of the request; what is no ARN matches nothing
 */
export function arnLike(glob: Glob, value: string): boolean {
  const [first] = glob;
  // Without wildcards the parts are equal where the whole is, and trust policies may list hundreds of such ARNs.
  if (glob.length === 1 && first?.type === 'text' && first.text !== value) return false;
  const parts = splitArn(value);
  if (parts === undefined) return false;
  const globs = splitGlob(glob);
  return globs.length === arnParts && globs.every((part, index) => matchesGlob(part, parts[index] ?? ''));
}

/** A glob cut at its first colons, into so many globs at most. */
export function splitGlob(glob: Glob, most: number = arnParts): Glob[] {
  const parts: Glob[number][][] = [[]];
  for (const part of glob) {
    if (part.type !== 'text') {
      parts.at(-1)?.push(part);
      continue;
    }
    part.text.split(':').forEach((text, index) => {
      if (index > 0 && parts.length < most) parts.push([]);
      else if (index > 0) parts.at(-1)?.push({ type: 'text', text: ':' });
      if (text !== '') parts.at(-1)?.push({ type: 'text', text });
    });
  }
  return parts;
}

/**
 * Whether a Resource element matches a resource. Case counts.
 *
 * The page "IAM JSON policy elements: Resource" of the IAM User Guide says that wildcards work within the parts between
 * colons, and that a `*` at the end of such a part can reach beyond the colon. It does not say whether a `*` elsewhere,
 * or a `?`, can: where that alone decides, the answer is undefined.
 */
export function matchesResource(glob: Glob, resource: string): boolean | undefined {
  if (!matchesGlob(glob, resource)) return false;
  return (
    glob.every((_, index) => !isInsidePart(glob, index)) || matchesPartByPart(glob, resource) || undefined
  );
}

/** Whether a part of a glob is a wildcard that does not end its part of the ARN. */
function isInsidePart(glob: Glob, index: number): boolean {
  const part = glob[index];
  if (part === undefined || part.type === 'text') return false;
  const next = glob[index + 1];
  const isAtEnd = next === undefined || (next.type === 'text' && next.text.startsWith(':'));
  return part.type === 'one' || !isAtEnd;
}

/** Whether a resource matches with every wildcard held within its part. */
function matchesPartByPart(glob: Glob, resource: string): boolean {
  const globs = splitGlob(glob, Number.POSITIVE_INFINITY);
  const parts = resource.split(':');
  return globs.length === parts.length && globs.every((one, index) => matchesGlob(one, parts[index] ?? ''));
}
