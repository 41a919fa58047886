import type { Command, Option } from 'commander';
import { exit } from './command.ts';
import type { Shell } from './shells.ts';

interface Word {
  readonly name: string;
  readonly summary: string;
}

interface Flag {
  /** As in `-f` and `--services`. */
  readonly names: readonly string[];
  readonly summary: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** A command, the words that may follow it and its flags. Its path is empty for the program itself. */
interface Described {
  readonly path: readonly string[];
  readonly words: readonly Word[];
  readonly flags: readonly Flag[];
}

/** Prints the script by which a shell completes commands, flags and their values, as the program describes them. */
export function completion(program: Command, defaultCommand: string, shell: Shell): number {
  const scripts: Record<Shell, (commands: readonly Described[]) => string> = { bash, zsh, fish };
  process.stdout.write(scripts[shell](described(program, defaultCommand)));
  return exit.fine;
}

function described(program: Command, defaultCommand: string): Described[] {
  const all = describe(program, []);
  const own = all.find(({ path }) => path.join() === defaultCommand)?.flags ?? [];
  // What the default command takes may be written without its name.
  return all.map((one) => (one.path.length === 0 ? { ...one, flags: merged(one.flags, own) } : one));
}

function merged(flags: readonly Flag[], more: readonly Flag[]): Flag[] {
  const known = new Set(flags.flatMap(({ names }) => names));
  return [...flags, ...more.filter(({ names }) => !names.some((name) => known.has(name)))];
}

function describe(command: Command, path: readonly string[]): Described[] {
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const words = [
    ...command.commands.map((below) => ({ name: below.name(), summary: below.summary() })),
    ...choices.map((name) => ({ name, summary: '' })),
  ];
  const help: Flag = { names: ['-h', '--help'], summary: 'show this help', takesValue: false, choices: [] };
  return [
    { path, words, flags: [...command.options.map(flagOf), help] },
    ...command.commands.flatMap((below) => describe(below, [...path, below.name()])),
  ];
}

function flagOf({ short, long, description, required, optional, argChoices = [] }: Option): Flag {
  const names = [short, long].filter((name) => name !== undefined);
  return { names, summary: description, takesValue: required || optional, choices: argChoices };
}

/** A word for each of the three shells. */
function quoted(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}

/** Branches of a `case` that follow the words before the cursor to the command that they name. */
function branches(commands: readonly Described[]): string {
  return commands
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => {
      const above = path.slice(0, -1).join(' ');
      return `      ${quoted(`${above}/${path.at(-1)}`)}) command=${quoted(path.join(' '))} ;;`;
    })
    .join('\n');
}

/** A branch for each flag that takes a value, after which nothing but a value can stand. */
function valueBranches(commands: readonly Described[], complete: (flag: Flag) => string): string {
  return commands
    .flatMap(({ path, flags }) =>
      flags
        .filter(({ takesValue }) => takesValue)
        .map((flag) => {
          const before = flag.names.map((name) => quoted(`${path.join(' ')}/${name}`)).join(' | ');
          return `    ${before}) ${complete(flag)} ;;`;
        }),
    )
    .join('\n');
}

function bash(commands: readonly Described[]): string {
  const offered = commands.map(({ path, words, flags }) => {
    const all = [...words.map(({ name }) => name), ...flags.flatMap(({ names }) => names)];
    return `    ${quoted(path.join(' '))}) offered=${quoted(all.join(' '))} ;;`;
  });
  const values = valueBranches(commands, ({ choices }) => `offered=${quoted(choices.join(' '))}`);
  return `# eso-abac completion bash. In ~/.bashrc: source <(eso-abac completion bash)
_eso_abac() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command='' offered='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case "$command/$word" in
${branches(commands)}
    esac
  done
  case "$command" in
${offered.join('\n')}
  esac
  case "$command/$previous" in
${values}
  esac
  COMPREPLY=($(compgen -W "$offered" -- "$current"))
}
# Where nothing is offered, names of files are.
complete -o default -F _eso_abac eso-abac
`;
}

function zsh(commands: readonly Described[]): string {
  const item = ({ name, summary }: Word) => quoted(`${name}:${summary}`);
  const offered = commands.map(({ path, words, flags }) => {
    const named = flags.flatMap(({ names, summary }) => names.map((name) => ({ name, summary })));
    const list = (all: readonly Word[]) => `(${all.map(item).join(' ')})`;
    return `    ${quoted(path.join(' '))}) offered=${list(words)} flags=${list(named)} ;;`;
  });
  const values = valueBranches(commands, ({ choices }) =>
    choices.length > 0 ? `compadd -- ${choices.map(quoted).join(' ')}; return` : '_files; return',
  );
  return `# eso-abac completion zsh. In ~/.zshrc, after compinit: source <(eso-abac completion zsh)
_eso_abac() {
  local command='' word
  local -a offered flags
  for word in "\${(@)words[2,CURRENT - 1]}"; do
    case "$command/$word" in
${branches(commands)}
    esac
  done
  case "$command/\${words[CURRENT - 1]}" in
${values}
  esac
  case "$command" in
${offered.join('\n')}
  esac
  _describe eso-abac offered
  _describe -o flag flags
  _files
}
compdef _eso_abac eso-abac
`;
}

function fish(commands: readonly Described[]): string {
  const top = commands.filter(({ path }) => path.length === 1).map(({ path }) => path.join());
  const lines = commands.flatMap(({ path, words, flags }) => {
    const seen =
      path.length === 0
        ? `not __fish_seen_subcommand_from ${top.join(' ')}`
        : `__fish_seen_subcommand_from ${path.at(-1)}`;
    const start = `complete -c eso-abac -n ${quoted(seen)}`;
    return [
      ...words.map(({ name, summary }) => `${start} -a ${name} -d ${quoted(summary)}`),
      ...flags.map((flag) => `${start} ${fishFlag(flag)}`),
    ];
  });
  return `# eso-abac completion fish. Once: eso-abac completion fish > ~/.config/fish/completions/eso-abac.fish
${lines.join('\n')}
`;
}

function fishFlag({ names, summary, takesValue, choices }: Flag): string {
  const parts = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = choices.length > 0 ? [`-x -a ${quoted(choices.join(' '))}`] : takesValue ? ['-r'] : [];
  return [...parts, ...value, `-d ${quoted(summary)}`].join(' ');
}
