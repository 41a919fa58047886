import { diffDists } from '../../src/diff/diff.ts';
import type { Change, Diff } from '../../src/diff/model.ts';
import type { DistFile } from '../../src/dist/index.ts';
import { plain } from '../../src/report/diff.ts';
import { compileValid } from '../support/run-compile.ts';

/** What differs between the inputs of these tests; each is a line of services.yaml, or a part of one. */
export interface InputParts {
  readonly version?: string;
  readonly aws?: string;
  readonly abac?: string;
  readonly guard?: string;
  readonly clusters?: readonly string[];
  readonly services?: readonly string[];
  readonly shared?: readonly string[];
  /** A further key at the top. */
  readonly top?: string;
}

export const prod =
  'prod: { region: us-west-2, environment: prod, oidcProvider: oidc.eks.us-west-2.amazonaws.com/id/PROD }';
export const prodEu = 'prod-eu: { region: eu-west-1, environment: prod, podIdentity: true }';
export const payments = '{ name: payments, clusters: [prod], secrets: [payments/api] }';
export const orders = '{ name: orders, clusters: [prod], secrets: [orders/db] }';

/** A services.yaml: two services in one cluster, unless it is said otherwise. */
export function input({
  version = '2.9.0',
  aws = '',
  abac = 'tagKey: ekssecret',
  guard = 'deployers: [{ group: platform }]',
  clusters = [prod],
  services = [payments, orders],
  shared = [],
  top = '',
}: InputParts = {}): string {
  const list = (items: readonly string[]) => items.map((item) => `  - ${item}\n`).join('');
  return `version: 1
aws: { account: "123456789012", controllerRole: "eso-{cluster.name}"${aws} }
externalSecrets: { version: ${version} }
abac: { ${abac} }
guard: { ${guard} }
${top}
clusters:
${clusters.map((cluster) => `  ${cluster}\n`).join('')}services:
${list(services)}${shared.length === 0 ? '' : `shared:\n${list(shared)}`}`;
}

/** The files that an input yields. */
export function filesOf(parts: InputParts = {}): readonly DistFile[] {
  return compileValid({ 'services.yaml': input(parts) }).files;
}

/** What differs between what two inputs yield. */
export function diffOf(before: InputParts, after: InputParts): Diff {
  return diffDists(filesOf(before), filesOf(after));
}

/** The same files with one text exchanged in one of them; fails when there is nothing to exchange. */
export function edited(files: readonly DistFile[], file: RegExp, from: string, to: string): DistFile[] {
  const touched = files.filter(({ path, text }) => file.test(path) && text.includes(from));
  if (touched.length === 0) throw new Error(`no file ${file} holds ${from}`);
  return files.map((one) => (touched.includes(one) ? { ...one, text: one.text.replaceAll(from, to) } : one));
}

/** A sentence with what marks it: `! policy: the policy of role …`. */
export function said({ danger, kind, text }: Change): string {
  return `${danger ? '! ' : ''}${kind}: ${plain(text)}`;
}
