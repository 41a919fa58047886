import type { Finding, Location } from '../../../findings/finding.ts';
import { nearest } from '../../../findings/nearest.ts';
import type { JsonEntry, JsonNode, JsonObject, JsonText } from '../../json/node.ts';

/** Collects what is wrong with a document, or not understood. */
export class Report {
  readonly findings: Finding[] = [];

  /** AWS would refuse the document. */
  syntax(location: Location, message: string, allowed: string, near?: string): void {
    this.add('policy-syntax', location, message, allowed, near);
  }

  /** We do not know what this means, so that nothing can be said about the policy. */
  unknown(location: Location, message: string, allowed: string, near?: string): void {
    this.add('policy-unknown', location, message, allowed, near);
  }

  private add(
    rule: Finding['rule'],
    location: Location,
    message: string,
    allowed: string,
    near?: string,
  ): void {
    const offer = near !== undefined && { nearest: near };
    this.findings.push({ rule, severity: 'error', message, allowed, ...offer, location });
  }

  /** Reports the keys that an object must not have. */
  unknownKeys(object: JsonObject, what: string, allowed: readonly string[]): void {
    for (const { key, location } of object.entries) {
      if (allowed.includes(key)) continue;
      const near = nearest(key, allowed);
      this.syntax(location, `${what} has no "${key}"`, allowed.join(', '), near);
    }
  }

  /** One text or a list of at least one; undefined, and reported, when it is something else. */
  texts({ key, value }: JsonEntry): readonly JsonText[] | undefined {
    const items = value.type === 'array' ? value.items : [value];
    const wrong = items.find((item) => item.type !== 'string');
    if (items.length > 0 && wrong === undefined) return items.filter((item) => item.type === 'string');
    const found = wrong ? nameOf(wrong) : 'an empty list';
    this.syntax((wrong ?? value).location, `"${key}" is ${found}`, 'a text, or a list of texts');
    return undefined;
  }
}

/** What a value is, in words. */
export function nameOf(node: JsonNode): string {
  const names = {
    object: 'an object',
    array: 'a list',
    string: 'a text',
    number: 'a number',
    boolean: 'true or false',
    null: 'null',
  } as const;
  return names[node.type];
}
