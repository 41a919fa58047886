import type { Location, Position } from '../../findings/finding.ts';
import { detached } from '../../yaml/detached.ts';
import type { Tag } from '../iam/model.ts';
import { maxSessionTags, tagProblem } from '../iam/session-tags.ts';
import { fitted } from './fitted.ts';
import type { SecretsFile } from './inventory.ts';
import type { DistSecret, Source } from './model.ts';
import { logicalId, maxDescription, regionName, secretName } from './strict.ts';

/**
 * Reads a template of secrets that is laid out as `JSON.stringify` does with two spaces and a line break at its end, with
 * the usual keys in their usual order and no escapes, several times as fast as a reader of JSON. Most files of secrets
 * are such texts.
 *
 * @returns undefined for any other text, which includes all that is no JSON, and all of which there is something to say
 */
export function readUsualSecrets(source: Source, file: SecretsFile): DistSecret[] | undefined {
  try {
    return new UsualSecrets(source, file).read();
  } catch (problem) {
    if (problem === notUsual) return undefined;
    throw problem;
  }
}

const notUsual = new Error('the text is laid out otherwise');

/** Characters that stand for themselves between quotes. */
const plain = /^[ !#-[\]-~]*$/;

/** Begins what CloudFormation replaces. */
const reference = '{{';

/** Before its name, what every secret has in common. */
const beginning = `: {
      "Type": "AWS::SecretsManager::Secret",
      "DeletionPolicy": "Retain",
      "UpdateReplacePolicy": "Retain",
      "Properties": {
        "Name": `;

class UsualSecrets {
  private at = 0;
  private line = 1;
  private readonly ids = new Set<string>();

  constructor(
    private readonly source: Source,
    private readonly file: SecretsFile,
  ) {}

  read(): DistSecret[] {
    const secrets: DistSecret[] = [];
    this.expect('{\n  "AWSTemplateFormatVersion": "2010-09-09",\n  "Description": ', 2);
    if (this.text().length > maxDescription) throw notUsual;
    this.expect(',\n  "Resources": {\n', 2);
    do this.addSecret(secrets);
    while (this.has(',\n', 1));
    this.expect('\n  }\n}\n', 3);
    if (this.at !== this.source.text.length) throw notUsual;
    return secrets;
  }

  private addSecret(secrets: DistSecret[]): void {
    this.expect('    ', 0);
    const id = this.text();
    if (this.ids.has(id) || !logicalId.pattern.test(id)) throw notUsual;
    this.ids.add(id);
    this.expect(beginning, 5);
    const start = { line: this.line - 1, column: 21 };
    const name = this.text();
    if (!secretName.pattern.test(name)) throw notUsual;
    const key = this.keyAfter(',\n        "KmsKeyId": ');
    const replicas = this.has(',\n        "ReplicaRegions": [\n', 2) ? this.replicas() : [];
    this.expect(',\n        "Tags": [\n', 2);
    const tags = this.tags();
    this.expect('\n      }', 1);
    const location = this.from(start, 8);
    this.expect('\n    }', 1);
    const { account, region, identity } = this.file;
    secrets.push({ account, identity, name, tags, location, region, ...key });
    for (const replica of replicas) secrets.push({ account, identity, name, tags, ...replica });
  }

  private replicas(): Pick<DistSecret, 'region' | 'kmsKey' | 'location'>[] {
    const replicas = [];
    do {
      const start = { line: this.line, column: 11 };
      this.expect('          {\n            "Region": ', 1);
      const region = this.text();
      if (!regionName.pattern.test(region)) throw notUsual;
      const key = this.keyAfter(',\n            "KmsKeyId": ');
      this.expect('\n          }', 1);
      replicas.push({ region, ...key, location: this.from(start, 12) });
    } while (this.has(',\n', 1));
    this.expect('\n        ]', 1);
    return replicas;
  }

  private keyAfter(words: string): Pick<DistSecret, 'kmsKey'> {
    return this.has(words, 1) ? { kmsKey: this.text() } : {};
  }

  private tags(): Tag[] {
    const tags: Tag[] = [];
    do {
      this.expect('          {\n            "Key": ', 1);
      const key = this.text();
      this.expect(',\n            "Value": ', 1);
      const value = this.text();
      this.expect('\n          }', 1);
      if (tags.some((tag) => tag.key.toLowerCase() === key.toLowerCase())) throw notUsual;
      if (tags.length === maxSessionTags || tagProblem({ key, value }) !== undefined) throw notUsual;
      tags.push({ key, value });
    } while (this.has(',\n', 1));
    this.expect('\n        ]', 1);
    return fitted(tags);
  }

  private expect(words: string, lines: number): void {
    if (!this.has(words, lines)) throw notUsual;
  }

  /** @param lines how many line breaks there are in these words */
  private has(words: string, lines: number): boolean {
    if (!this.source.text.startsWith(words, this.at)) return false;
    this.at += words.length;
    this.line += lines;
    return true;
  }

  /** A text in quotes. */
  private text(): string {
    this.expect('"', 0);
    const end = this.source.text.indexOf('"', this.at);
    const text = this.source.text.slice(this.at, end);
    if (end === -1 || !plain.test(text) || text.includes(reference)) throw notUsual;
    this.at = end + 1;
    return detached(text);
  }

  private from(start: Position, endColumn: number): Location {
    return { file: this.source.path, start, end: { line: this.line, column: endColumn } };
  }
}
