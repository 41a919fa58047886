import { existsSync } from 'node:fs';
import path from 'node:path';
import { type DistAccess, distAccess } from '../explain/dist-access.ts';
import { checkCluster, copyFor, findSecrets, findTenants, UnknownName } from '../explain/find.ts';
import { type Asked, type InputText, inputLines } from '../explain/input-lines.ts';
import type { Explanation, InputLine } from '../explain/model.ts';
import { explainPair } from '../explain/pair.ts';
import { secretSummaries, serviceSummary } from '../explain/summary.ts';
import { loadInput } from '../input/load.ts';
import { explanationText, secretText, serviceText } from '../report/explanation.ts';
import { jsonText } from '../report/printable.ts';
import { exit, requireReadable, UsageError, useColor } from './command.ts';
import { distFiles } from './dist-files.ts';

/** Flags of `explain`. */
export interface ExplainOptions {
  /** The input; services.yaml, if there is one, when absent. */
  readonly services?: string;
  readonly dist: string;
  readonly secret?: string;
  readonly cluster?: string;
  readonly format: 'text' | 'json';
  readonly color: boolean;
}

/** Says why a service may or may not read a secret, what it may read at all, or who may read a secret. */
export function explain(
  service: string | undefined,
  named: string | undefined,
  options: ExplainOptions,
): number {
  const secret = named ?? options.secret;
  if (named !== undefined && options.secret !== undefined)
    throw new UsageError('the secret is given twice, as an argument and with --secret');
  const access = distAccess(distFiles(options.dist));
  const input = inputOf(options);
  try {
    if (service !== undefined && secret !== undefined) return pairs(access, input, service, secret, options);
    if (service !== undefined) return services(access, input, service, options);
    if (secret !== undefined) return secrets(access, input, secret, options);
  } catch (problem) {
    if (problem instanceof UnknownName) throw new UsageError(problem.message);
    throw problem;
  }
  throw new UsageError('name a service, a service and a secret, or a secret with --secret');
}

function pairs(
  access: DistAccess,
  input: Lines,
  service: string,
  name: string,
  options: ExplainOptions,
): number {
  const tenants = findTenants(access, service, options.cluster);
  const copies = findSecrets(access, name);
  const found = tenants.flatMap((tenant): Explanation[] => {
    const copy = copyFor(tenant, copies);
    const explained = copy && explainPair(access, tenant, copy);
    if (copy === undefined || explained === undefined) return [];
    return [
      inDist(
        { ...explained, input: input({ service, cluster: tenant.cluster, secret: copy }) },
        options.dist,
      ),
    ];
  });
  if (found.length === 0) throw new UsageError(`${service} has no SecretStore to read through`);
  print(options, { explanations: found }, (color) => explanationText(found, color));
  return found.every(isAsMeant) ? exit.fine : exit.findings;
}

function services(access: DistAccess, input: Lines, service: string, options: ExplainOptions): number {
  const found = findTenants(access, service, options.cluster).map((tenant) => ({
    ...serviceSummary(access, tenant),
    input: input({ service, cluster: tenant.cluster }),
  }));
  print(options, { services: found }, (color) => serviceText(found, color));
  const lines = found.flatMap(({ stores }) => stores.flatMap((store) => store.secrets));
  return lines.every(isAsMeant) ? exit.fine : exit.findings;
}

function secrets(access: DistAccess, input: Lines, name: string, options: ExplainOptions): number {
  checkCluster(access.dist.clusters, options.cluster);
  const copies = findSecrets(access, name);
  const all = secretSummaries(access, copies, options.cluster);
  const read = all.filter(({ readers }) => readers.length > 0);
  const found = (read.length > 0 && options.cluster !== undefined ? read : all).map((one) => ({
    ...one,
    input: input({ service: one.identity, cluster: one.readers[0]?.cluster ?? '', secret: one }),
  }));
  print(options, { secrets: found }, (color) => secretText(found, color));
  const readers = found.flatMap((one) => one.readers);
  return readers.every(({ allowed, meant }) => allowed && meant) ? exit.fine : exit.findings;
}

/** Whether what may be read is what is meant: its own or shared with it, and all that it asks for. */
function isAsMeant({ allowed, meant, asked }: Pick<Explanation, 'allowed' | 'meant' | 'asked'>): boolean {
  return allowed ? meant : !meant && !asked;
}

/** Looks up lines of the input. */
type Lines = (asked: Asked) => InputLine[];

function inputOf({ services: file }: ExplainOptions): Lines {
  const name = file ?? 'services.yaml';
  if (file === undefined && !existsSync(name)) return () => [];
  const { spec, locate, sources, findings } = loadInput(name);
  requireReadable(findings);
  const text: InputText | undefined = spec && { spec, locate, sources };
  return (asked) => (text === undefined ? [] : inputLines(text, asked));
}

/** Places of dist with the folder before them. */
function inDist(explanation: Explanation, folder: string): Explanation {
  const placed = <Item extends { readonly location?: Explanation['steps'][number]['location'] }>(
    item: Item,
  ): Item =>
    item.location === undefined
      ? item
      : { ...item, location: { ...item.location, file: path.posix.join(folder, item.location.file) } };
  const steps = explanation.steps.map((step) => ({
    ...placed(step),
    statements: step.statements.map(placed),
  }));
  return { ...explanation, steps };
}

function print(options: ExplainOptions, data: object, text: (color: boolean) => string): void {
  process.stdout.write(
    options.format === 'json'
      ? jsonText({ command: 'explain', ...data })
      : text(useColor(options, process.stdout)),
  );
}
