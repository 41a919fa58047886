/** The texts of `--help` that are longer than a line. */

/** A text in which each paragraph is one line, to be wrapped where it is shown; lines that are indented stay. */
export function flowing(text: string): string {
  return text.replace(/^(\S.*)\n(?=\S)/gm, '$1 ');
}

export const exitCodes = `
Exit codes: 0 fine, 1 findings, 2 wrong usage or a file that cannot be read or written.`;

export const synthHelp = `Compiles the input into manifests and AWS documents, validates and proves them, and writes what changed.

Every problem of the input is reported at once, with its place. With an error anywhere nothing is written.
Only generated files are changed or removed; anything else under the generated folders is an error.

With --watch it goes on until Ctrl-C, and runs again whenever the input or a file that it includes changes.

With --shard 2/7 it is the second of seven jobs that share the work: it reads the whole input, and writes the part of
dist that is about its services into a folder of its own, for "merge". docs/shards.md says when that is of use.`;

export const mergeHelp = `Puts together the folders that "synth --shard" has written, proves the whole and writes it: byte for byte what
"synth" writes without shards.

It needs the folders of all shards, each once, of one input and one version of eso-abac, with every file as it was
written. Whatever is not so is reported, all of it, and then nothing is written.`;

export const checkHelp = `Says whether the folder of generated files is what the input yields, and changes nothing. For CI.

It names each file that is missing, stale, surplus or changed by hand, and exits with 1 when there is one. What it
yields is proven too, as with "prove"; in the repository of eso-abac, what the same program has said of the same bytes is
remembered.

With --shard 2/7 it looks at the second of seven parts of the folder, and leaves the others to other jobs.`;

export const diffHelp = `Says what differs between the committed dist and what the input yields now: who gains and loses access to which
secret, what has to be done in AWS and in the clusters, and which objects differ, field by field. It changes nothing,
and reads the revision through git without touching the work tree.

Before a pull request is merged: --base origin/main. As a comment on it: --format markdown. docs/diff.md says more.`;

export const validateHelp = `Validates manifests from anywhere: files, folders (every .yaml, .yml and .json below them) or "-" for standard input.

Each object is held against the schema and the CEL rules of its CRD, the naming rules of Kubernetes and the rules of
External Secrets Operator's own admission webhook; then all of them together for duplicates and references.
Files below a folder clusters/<name>/ are looked at together with those of the same cluster only.`;

export const proveHelp = `Proves from the files of dist alone who can read which secret: each service what it owns, and nothing else, of the
secrets named and of all that could exist. docs/proof.md says what is claimed and what is taken for granted.

With --policy and --trust it judges documents that you have already: plain ones, or what "aws iam get-role-policy" and
"aws iam get-role" print. --tag-key names the tag that holds the identity, --tags further ones that must match too, with
a value where the trust policy has to pin it: --tags environment=prod.

A finding comes with a counterexample, a request that shows it. --replay tries those of "prove --format json" on dist,
step by step, and exits with 1 while one of them still goes wrong.`;

export const reportHelp = `Prints who can read which secret, from the files of dist alone: whether that is proven, what each service may read and
by which way, what guards each cluster and which attacks were tried. It holds names and no secret value.

As HTML it is one page that needs no network:
  eso-abac report > report.html

docs/report.md says what is on it and what the other formats hold.`;

export const explainHelp = `Says why, from the files of dist alone:
  eso-abac explain payments                what it may read, and by which way
  eso-abac explain payments payments/db    may it read that? hop by hop
  eso-abac explain --secret payments/db    who may read the secret

Each hop is shown with its place in dist and, where a policy decides, with the two values that it compares; the last
lines are those of the input that make it so. It exits with 1 when something is not as meant: a service may read what is
not its own, or may not read what it asks for. docs/explain.md has examples.`;

export const schemaHelp = `Prints the JSON Schema of services.yaml. Editors complete and check a file that begins with
  # yaml-language-server: $schema=./node_modules/eso-abac/schema/services.schema.json
or, in a file that "include" names,
  # yaml-language-server: $schema=../node_modules/eso-abac/schema/include.schema.json

The others are of what --format json prints: findings of synth, check, merge, prove, validate, init and aws
tag-commands; diff, report and explain of the command of that name.`;

export const initHelp = `Writes a commented services.yaml, the npm scripts, a GitHub workflow and a .gitignore. A file that exists is never
overwritten.`;

export const completionHelp = `Prints the script by which a shell completes commands, flags and their values:
  bash   source <(eso-abac completion bash)    in ~/.bashrc
  zsh    source <(eso-abac completion zsh)     in ~/.zshrc, after compinit
  fish   eso-abac completion fish > ~/.config/fish/completions/eso-abac.fish`;

export const awsHelp = `What is left to do in AWS beside deploying the files of dist/aws.`;

export const tagCommandsHelp = `Prints one AWS CLI command for each secret, for those that exist already: it gives them the tags that they need.
Runs none of them.

Read them first, and run them account by account as a role that may change these tags. Whoever may, decides who reads.`;
