import { readdirSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { denials, policiesOf, type Request } from './admission.ts';

/** Requests of one kind: one that is allowed, and changes of it. */
interface Requests {
  readonly input: string;
  readonly cluster?: string;
  readonly request: Request;
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  /** What is different in the request, as a JSON merge patch. */
  readonly change?: unknown;
  /** What was different in the object before: the request is then an update. */
  readonly before?: unknown;
  /** Fields of the object that are null, which a merge patch cannot say. */
  readonly raw?: object;
  /** The messages without what every message begins and ends with; absent when the request is allowed. */
  readonly denied?: readonly string[];
}

const folder = new URL('requests/', import.meta.url);

for (const file of readdirSync(folder)) {
  const { input, cluster, request, cases } = load(readFileSync(new URL(file, folder), 'utf8')) as Requests;

  describe(file, () => {
    it.each(cases.map((one) => [one.name, one] as const))('%s', (_, { denied = [], ...one }) => {
      const messages = denials(policiesOf(input, cluster), requestOf(request, one));
      expect(messages.map(core)).toEqual(denied);
    });
  });
}

function requestOf(usual: Request, { change = {}, before, raw }: Case): Request {
  const changed = merged({ ...usual, oldObject: null }, change) as Request;
  const request = { ...changed, object: { ...changed.object, ...raw } };
  if (request.operation === 'DELETE') return { ...request, object: null, oldObject: request.object };
  if (before === undefined) return request;
  return {
    ...request,
    operation: 'UPDATE',
    oldObject: merged(request.object, before) as Request['oldObject'],
  };
}

/** What is said of one request, without the policy and the advice. */
function core(message: string): string {
  return message
    .replace(/^[a-z-]+: (?:(?:SecretStore|ExternalSecret|Namespace): )?/, '')
    .replace(/; (?:change|guard\.allow).*$/, '');
}

/** Source: RFC 7396, JSON Merge Patch. */
function merged(value: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = isMapping(value) ? { ...value } : {};
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) delete result[key];
    else result[key] = merged(result[key], change);
  }
  return result;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
