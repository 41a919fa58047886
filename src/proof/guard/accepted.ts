import { list, type Mapping, mapping, text } from '../files/store.ts';
import { compile } from './cel.ts';
import type { PlatformObject } from './read.ts';

type Path = readonly (string | number)[];
type Say = (path: Path, why: string, allowed: string) => void;

const identifier = /^[A-Za-z_]\w*$/;
const qualifiedName = /^(?:[a-z0-9.-]+\/)?[A-Za-z0-9](?:[-\w.]*[A-Za-z0-9])?$/;

/**
 * Complains about what the API server does not take though its schema does, so that a policy that stands here is not in force.
 *
 * Source: admissionregistration.k8s.io/v1 in the Kubernetes API reference; Kubernetes, "Validating Admission Policy", on
 * variables, which see those above them, and on match conditions, which see none.
 */
export function reportRefused(one: PlatformObject): void {
  const say: Say = (path, why, allowed) =>
    one.complain('proof-guard', path, `the API server refuses the policy: ${why}`, allowed);
  const spec = mapping(one.object.spec);
  reportNames(spec, 'variables', identifier, say);
  reportNames(spec, 'matchConditions', qualifiedName, say);
  reportUnseen(spec, say);
  for (const [index, validation] of list(spec.validations).entries())
    reportMessage(mapping(validation), ['spec', 'validations', index], say);
}

function reportNames(spec: Mapping, field: string, form: RegExp, say: Say): void {
  const names = new Set<string>();
  for (const [index, one] of list(spec[field]).entries()) {
    const name = text(mapping(one).name);
    if (!form.test(name) || names.has(name))
      say(['spec', field, index], `"${name}" is no name, or stands here twice`, 'each name once');
    names.add(name);
  }
}

function reportUnseen(spec: Mapping, say: Say): void {
  const seen = new Set<string>();
  const check = (field: string, key: string, learns: boolean) => {
    for (const [index, one] of list(spec[field]).entries()) {
      const looks = compile(text(mapping(one)[key])).looks.filter(({ path }) => path[0] === 'variables');
      const unseen = looks.find(({ path }) => !seen.has(path[1] ?? ''));
      if (unseen !== undefined)
        say(
          ['spec', field, index],
          `it does not see ${unseen.path.join('.')}`,
          [...seen].join(', ') || 'none',
        );
      if (learns) seen.add(text(mapping(one).name));
    }
  };
  check('matchConditions', 'expression', false);
  check('variables', 'expression', true);
  check('validations', 'expression', false);
  check('validations', 'messageExpression', false);
}

function reportMessage({ messageExpression }: Mapping, path: Path, say: Say): void {
  const problem = messageExpression === undefined ? undefined : compile(text(messageExpression)).problem;
  if (problem !== undefined)
    say([...path, 'messageExpression'], `it may not know the expression: ${problem}`, 'CEL, to a text');
}
