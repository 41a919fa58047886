import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadAll } from 'js-yaml';
import { compile } from '../../main.ts';
import type { CompiledFiles } from '../../src/cli/compiled.ts';
import type { Spec } from '../../src/input/schema.ts';
import type { Shard } from '../../src/shards/shard.ts';
import { writeFiles } from './run.ts';

/** Files of an input by path. The main one is `services.yaml`. */
export type InputFiles = Readonly<Record<string, string>>;

/** Compiles files, or a shard of them, as the command does, in a folder that is gone afterwards. */
export function compileFiles(files: InputFiles, shard?: Shard): CompiledFiles {
  const folder = mkdtempSync(path.join(tmpdir(), 'eso-abac-test-'));
  try {
    writeFiles(folder, files);
    return compile(path.join(folder, 'services.yaml'), shard);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The one file that a spec is when nothing is included. */
export function asFiles(spec: Spec): InputFiles {
  return { 'services.yaml': asYaml(spec) };
}

/** Data as JSON, which is YAML too; what no input may hold as it is stands as an escape. */
export function asYaml(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value, null, 1).replace(/[\u007f-\u009f\ufffd\u2028\u2029\ufeff]/g, escaped)}\n`;
}

/** Compiles a spec that must be valid. Throws with the errors when it is not. */
export function compileValid(files: InputFiles): CompiledFiles {
  const compiled = compileFiles(files);
  const errors = compiled.findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ rule, message }) => `${rule}: ${message}`).join('\n'));
  return compiled;
}

/** A Kubernetes object as far as the tests look into every one. */
export interface KubernetesObject extends Record<string, unknown> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** The objects of one file of dist. */
export function objectsIn(text: string): KubernetesObject[] {
  return (loadAll(text) as (KubernetesObject | null)[]).filter((object) => object !== null);
}

/** How many cases a property is tried with: FUZZ_RUNS when that is set. The seed is fixed: a failure can be replayed. */
export function runs(usual: number): { numRuns: number; seed: number } {
  return {
    numRuns: Number(process.env.FUZZ_RUNS ?? usual),
    seed: Number(process.env.FUZZ_SEED ?? 20_250_101),
  };
}
