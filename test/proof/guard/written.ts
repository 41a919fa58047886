import { isDeepStrictEqual } from 'node:util';
import type { Mapping } from '../../../src/proof/files/store.ts';
import { person, serviceAccount } from '../../../src/proof/guard/authorizer.ts';
import type { AdmissionRequest, Attempt, Sample } from '../../../src/proof/guard/model.ts';
import { objectName } from '../../../src/proof/guard/samples.ts';

/** An attempt as text: what it is, what is asked for, and how the objects differ from the real ones. */
export function written({ what, attack, unlessNamed, request }: Attempt, real: Sample): string {
  const isToldBy = attack === undefined || what === `create ${attack}`;
  const notes = [
    ...(isToldBy ? [] : [`, one of: ${attack}`]),
    ...(unlessNamed === undefined ? [] : [`, unless a policy names ${unlessNamed}`]),
  ];
  return `${what}${notes.join('')}\n${linesOf(request, real).join('\n')}\n`;
}

/** A request as lines of text. What is as it really is before, and the Namespace that is, need no line. */
export function linesOf(request: AdmissionRequest, real: Sample): string[] {
  const { operation, group, version, kind, resource, subresource, name, namespace, dryRun } = request;
  const path = [namespace, resource, name, subresource].filter((part) => part !== '').join('/');
  const like = [real.namespace, ...real.stores, ...real.externalSecrets].find((one) => one.kind === kind);
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const from = { ...like, apiVersion, kind };
  const own = namespace === objectName(real.namespace) ? real.namespace : {};
  const isNamespaced = namespace !== '' && kind !== 'Namespace';
  return [
    `  ${operation} ${apiVersion} ${kind} ${path}${byWhom(request)}${dryRun ? ', as a dry run' : ''}`,
    ...line('', from, request.object, operation === 'DELETE' ? 'nothing' : ''),
    ...line('before: ', from, request.oldObject, operation === 'CREATE' ? 'nothing' : 'as it is'),
    ...line('in: ', own, request.namespaceObject, isNamespaced ? 'as it is' : 'nothing'),
  ];
}

function byWhom({ user: { username, groups } }: AdmissionRequest): string {
  const account = /^system:serviceaccount:(.*):(.*)$/.exec(username);
  const usual = account ? serviceAccount(account[1] ?? '', account[2] ?? '').groups : person.groups;
  const of = isDeepStrictEqual(groups, usual) ? '' : ` of ${groups.join(' and ')}`;
  return username === person.username && of === '' ? '' : ` by ${username}${of}`;
}

/** @param usual what needs no line */
function line(what: string, from: Mapping, to: Mapping | null, usual: string): string[] {
  const text = to === null ? 'nothing' : difference(from, to);
  return text === usual ? [] : [`    ${what}${text}`];
}

/** What is different in an object, as a JSON merge patch. */
function difference(from: Mapping, to: Mapping): string {
  return isDeepStrictEqual(from, to) ? 'as it is' : JSON.stringify(patchTo(from, to));
}

/** Source: RFC 7396, JSON Merge Patch. */
function patchTo(from: unknown, to: unknown): unknown {
  if (!isMapping(from) || !isMapping(to)) return to;
  const changed = Object.entries(to).filter(([key, value]) => !isDeepStrictEqual(from[key], value));
  return Object.fromEntries([
    ...Object.keys(from).flatMap((key) => (key in to ? [] : [[key, null]])),
    ...changed.map(([key, value]) => [key, patchTo(from[key], value)]),
  ]);
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
