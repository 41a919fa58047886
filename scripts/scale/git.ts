import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compile } from '../../main.ts';
import { inputIn, type Shape } from './fleet.ts';
import { bytes, numbered, table } from './markdown.ts';

/** dist as git holds it, and pull requests as a host shows them. The repository is made in the folder. */
export function gitTables(base: Shape, folder: string): string {
  const files = write(base, folder);
  const git = (...args: string[]) => runGit(path.join(folder, 'dist'), args);
  git('init', '--quiet');
  git('add', '.');
  git('-c', 'user.name=simulation', '-c', 'user.email=simulation', 'commit', '--quiet', '--message=dist');
  git('gc', '--quiet');
  const sizes = files.map(({ text }) => Buffer.byteLength(text));
  const widths = new Map<string, number>();
  for (const file of files) {
    const directory = path.dirname(file.path);
    widths.set(directory, (widths.get(directory) ?? 0) + 1);
  }
  const pulls: [string, Shape][] = [
    ['one service added', { ...base, services: base.services + 1 }],
    ['`refreshInterval` of all services', { ...base, refreshInterval: '15m' }],
    [
      'one more tag for all services (`abac.tags`)',
      { ...base, tags: 'environment: "{cluster.environment}"' },
    ],
    ['the operator from 2.8.0 to 2.9.0', { ...base, version: '2.8.0' }],
  ];
  return [
    table('| dist | |', [
      ['files', numbered(files.length)],
      ['bytes', bytes(sizes.reduce((sum, size) => sum + size, 0))],
      [
        'bytes as git packs them',
        bytes(1024 * Number(/size-pack: (\d+)/.exec(git('count-objects', '-v'))?.[1])),
      ],
      ['most files in one folder', numbered(Math.max(...widths.values()))],
      ['largest file', bytes(Math.max(...sizes))],
    ]),
    table(
      '| pull request | files of dist | lines | bytes of the diff |',
      pulls.map(([what, shape]) => [what, ...pullRequest(shape, folder, git)]),
    ),
  ].join('\n');
}

/** What differs from what was committed: files, lines, bytes. */
function pullRequest(shape: Shape, folder: string, git: (...args: string[]) => string): string[] {
  git('rm', '-r', '--quiet', '.');
  write(shape, folder);
  git('add', '.');
  const stat = git('diff', '--cached', '--numstat').trim().split('\n');
  const lines = stat.map((line) => line.split('\t').slice(0, 2).map(Number));
  const diff = git('diff', '--cached');
  git('reset', '--hard', '--quiet');
  return [
    numbered(stat.length),
    numbered(lines.flat().reduce((sum, more) => sum + more, 0)),
    bytes(diff.length),
  ];
}

function write(shape: Shape, folder: string) {
  const { files, findings } = compile(inputIn(folder, shape));
  const error = findings.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(error.message);
  for (const { path: name, text } of files) {
    const file = path.join(folder, 'dist', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return files;
}

function runGit(cwd: string, args: readonly string[]): string {
  // What a commit starts in the background would be in the way of what follows.
  return execFileSync('git', ['-c', 'gc.auto=0', ...args], { cwd, encoding: 'utf8', maxBuffer: 2 ** 30 });
}
