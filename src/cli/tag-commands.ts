import { resolveFleet } from '../fleet/resolve.ts';
import { tagCommands } from '../iam/tag-commands.ts';
import { loadInput } from '../input/load.ts';
import { finish, type OutputOptions, requireReadable } from './command.ts';
import { hasErrors } from './compiled.ts';

/** Flags of `aws tag-commands`. */
export interface TagCommandsOptions extends OutputOptions {
  readonly services: string;
}

/** Prints the commands that tag the secrets which exist already. They are never run. */
export function printTagCommands(options: TagCommandsOptions): number {
  const { spec, locate, incomplete, findings: problems, sources } = loadInput(options.services);
  requireReadable(problems);
  const resolved = spec && resolveFleet(spec, locate, incomplete);
  const findings = [...problems, ...(resolved?.findings ?? [])];
  const commands = resolved === undefined || hasErrors(findings) ? [] : tagCommands(resolved.fleet.secrets);
  const summary = { command: 'aws tag-commands', commands };
  return finish({ findings, sources, summary, done: commands.join('\n') }, { ...options, quiet: false });
}
