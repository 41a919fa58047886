import { expect } from 'vitest';
import type { Tag } from '../../src/proof/iam/model.ts';
import { type DocumentsQuestion, proveDocuments } from '../../src/proof/prove/documents.ts';
import { policyOf, roleWith } from './role-documents.ts';

/** The policy variable that stands for a tag of a session. */
export const tagOf = (name: string) => '$'.concat(`{aws:PrincipalTag/${name}}`);
/** That of the tag `team`. */
export const variable = tagOf('team');
/** The actions that read a secret. */
export const reads = ['GetSecretValue', 'DescribeSecret', 'ListSecretVersionIds'].map(
  (one) => `secretsmanager:${one}`,
);

/** The beginning of the ARN of a role. */
export const role = 'arn:aws:iam::123456789012:role';

/** A policy of these statements. */
export const document = (...Statement: unknown[]) => ({ Version: '2012-10-17', Statement });
/** A role with these statements as its policy. */
export const roleOf = (...statements: object[]) =>
  roleWith({ identity: [policyOf(document(...statements), 'identity')] });
/** Tags in a line. */
export const words = (tags: readonly Tag[]) => tags.map(({ key, value }) => `${key}=${value}`).join();
/** A statement that allows to read where the tag of the secret passes one comparison. */
export const when = (operator: string, value: string) => ({
  Sid: 'Read',
  Effect: 'Allow',
  Action: reads,
  Resource: '*',
  Condition: { [operator]: { 'secretsmanager:ResourceTag/team': value } },
});
/** A statement that allows to read what has the tag of the session. */
export const own = when('StringEquals', variable);

/** The conditions of a trust policy in which nothing is missing. */
export const right = {
  StringLike: { 'aws:RequestTag/team': '?*' },
  'ForAllValues:StringEquals': { 'aws:TagKeys': 'team' },
  Null: { 'aws:TagKeys': 'false' },
};

/** A trust policy for one role, under conditions. */
export const trusts = (Condition: object, parts: object = {}) =>
  document({
    Sid: 'Trust',
    Effect: 'Allow',
    Principal: { AWS: `${role}/eso` },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition,
    ...parts,
  });

/** Proves documents of an access role whose sessions are told apart by one tag. */
export function prove(
  documents: { policy?: unknown; trust?: unknown },
  question: Partial<DocumentsQuestion> = {},
) {
  const file = (name: string, content: unknown) => ({ file: name, text: JSON.stringify(content) });
  return proveDocuments({
    ...(documents.policy !== undefined && { policy: file('policy.json', documents.policy) }),
    ...(documents.trust !== undefined && { trust: file('trust.json', documents.trust) }),
    tagKeys: ['team'],
    pinned: new Map(),
    ...question,
  });
}

/** Each finding: what is wrong, what would be right, and the statement that it points at. */
export function told(
  documents: { policy?: unknown; trust?: unknown },
  question: Partial<DocumentsQuestion> = {},
) {
  return prove(documents, question).findings.map(({ rule, severity, message, allowed, location }) => {
    const [name, content] = Object.entries(documents)[0] ?? [];
    expect([severity, location?.file]).toEqual(['error', `${name}.json`]);
    const text = JSON.stringify(content).slice((location?.start.column ?? 1) - 1);
    return [rule, message, allowed, /^\{"Sid":"(\w+)"/.exec(text)?.[1]];
  });
}

/** A finding as `told` gives it. */
export type Told = readonly [rule: string, message: string, allowed: string, at: string | undefined];
