import { describe, expect, it } from 'vitest';
import { runInProcess } from '../support/documents.ts';
import { inFolder, runProgram, writeFiles } from '../support/run.ts';

/** What bash offers for a line when Tab is pressed at its end; in a folder with files. */
async function offered(line: string): Promise<string[]> {
  const { stdout: script } = await runInProcess(['completion', 'bash']);
  return inFolder(async (folder) => {
    writeFiles(folder, { 'completion.bash': script, 'services.yaml': '', 'policy.json': '' });
    const words = line.split(' ');
    const ask = [
      'source ./completion.bash',
      // As readline does: the function that `complete` has registered, with the words of the line.
      `read -r -a registered <<<"$(complete -p eso-abac)"`,
      `[[ "\${registered[*]}" == 'complete -o default -F _eso_abac eso-abac' ]] || exit 1`,
      `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}`,
      `"\${registered[4]}"`,
      `printf '%s\\n' "\${COMPREPLY[@]}"`,
    ];
    const { code, stdout, stderr } = await runProgram('bash', ['--norc', '-uc', ask.join('\n')], {
      cwd: folder,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout.split('\n').filter((word) => word !== '');
  });
}

/** The commands that `--help` lists. */
async function commands(): Promise<string[]> {
  const { output } = await runInProcess(['--help']);
  return [...output.matchAll(/^ {2}([a-z]+) .*$/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
}

/** The flags that a command's `--help` lists. */
async function flagsOf(command: string): Promise<string[]> {
  const { output } = await runInProcess([...command.split(' '), '--help']);
  return [...output.matchAll(/^ {2}(?:(-\w), +)?(--[a-z-]+)/gm)].flatMap(([, ...names]) =>
    names.filter(Boolean),
  );
}

describe('completion bash', () => {
  it('offers each command', async () => {
    expect(await offered('eso-abac ')).toEqual(expect.arrayContaining(await commands()));
    expect(await offered('eso-abac pr')).toEqual(['prove']);
    expect(await offered('eso-abac aws t')).toEqual(['tag-commands']);
  });

  it('offers each flag of each command, and of synth without a name too', async () => {
    const all = [...(await commands()).filter((name) => name !== 'aws'), 'aws tag-commands'];
    for (const command of all) {
      const flags = (await flagsOf(command)).sort();
      expect(flags.length, command).toBeGreaterThan(0);
      expect((await offered(`eso-abac ${command} -`)).sort(), command).toEqual(flags);
    }
    expect(await offered('eso-abac --')).toEqual(
      expect.arrayContaining(['--version', '--services', '--watch']),
    );
  });

  it.each([
    ['eso-abac check --format ', ['text', 'json', 'github', 'sarif']],
    ['eso-abac prove --quiet --format m', ['markdown']],
    ['eso-abac --format s', ['sarif']],
    ['eso-abac schema --of d', ['diff']],
    ['eso-abac completion z', ['zsh']],
    ['eso-abac check -f ', []],
    ['eso-abac validate pol', []],
  ])('%s: values of flags and arguments; names of files are left to bash', async (line, expected) => {
    expect(await offered(line)).toEqual(expected);
  });
});

describe.each(['zsh', 'fish'])('completion %s', (shell) => {
  it('names each command and each flag', async () => {
    const { stdout, code } = await runInProcess(['completion', shell]);
    expect(code).toBe(0);
    for (const command of await commands()) {
      expect(stdout).toMatch(new RegExp(`\\b${command}\\b`));
      for (const flag of await flagsOf(command))
        expect(stdout).toContain(shell === 'zsh' ? `'${flag}:` : fishFlag(flag));
    }
  });
});

function fishFlag(flag: string): string {
  return flag.startsWith('--') ? `-l ${flag.slice(2)} ` : `-s ${flag.slice(1)} `;
}

it('another shell is wrong usage', async () => {
  const { code, stderr } = await runInProcess(['completion', 'tcsh']);
  expect(code).toBe(2);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish');
});
