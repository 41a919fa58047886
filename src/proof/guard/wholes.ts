import { type Compiled, compile } from './cel.ts';
import { isAbout } from './matching.ts';
import type { AdmissionPolicy } from './model.ts';
import { kinds } from './requests.ts';

type Path = readonly string[];

/** What the API server fills with more than any forgery has, so that nobody may look at which keys it has. */
const filled =
  /^(?:request|request\.userInfo|namespaceObject|(?:object|oldObject|namespaceObject)\.metadata)$/;

/** Whatever is in these may be called anything, and forgeries have those that a policy asks for. */
const named =
  /^(?:(?:object|oldObject|namespaceObject)\.metadata\.(?:labels|annotations)|(?:object|oldObject)\.metadata\.finalizers|request\.userInfo\.groups|(?:object|oldObject)\.spec\.provider)$/;

/** What may be counted: forgeries have as many of these as a policy may tell from others, and as a store may have. */
const counted = /^(?:object|oldObject)\.spec\.provider(?:\.aws\.sessionTags)?$/;

/**
 * What a policy looks at as a whole, or by a key that no `.` stands before, in words. Of the keys there the forgeries
 * have few: the API server puts in others, and a tenant may.
 *
 * @param isVaried whether forgeries vary a field, though no policy asks for it by a `.`
 */
export function uncoveredWholes(policy: AdmissionPolicy, isVaried: (field: string) => boolean): string[] {
  if (!isOfForgeries(policy)) return [];
  const paths = new Paths(policy);
  return [...policy.conditions, ...policy.variables, ...policy.validations].flatMap(({ text }) => {
    const compiled = compile(text);
    const keys = compiled.everyLook
      .filter(({ path, at }) => at === 'keys' && (path[0] === 'object' || path[0] === 'oldObject'))
      .filter(({ path }) => path.length === 1);
    const wholes = compiled.everyLook
      .filter(({ at }) => at !== 'presence')
      .flatMap(({ path }) => paths.behind(path))
      .filter((path) => filled.test(path.join('.')));
    const presences = compiled.everyLook
      .filter(({ at }) => at === 'presence')
      .flatMap(({ path }) => paths.behind(path))
      .filter((path) => !named.test(path.slice(0, -1).join('.')))
      .filter((path) => path.slice(1).some((field) => !isVaried(field)))
      .filter((path) => !compiled.fields.has(path.at(-1) ?? ''));
    const counts = compiled.counted
      .filter((path) => !paths.behind(path).every((one) => counted.test(one.join('.'))))
      .map((path) => `the size of ${path.join('.') || 'something'}`);
    const found = [...keys.map(({ path }) => path), ...wholes];
    return [
      ...found.map((path) => `the keys of ${path.join('.')}`),
      ...presences.map((path) => path.join('.')),
      ...counts,
    ];
  });
}

/** Whether a policy is about a kind that forgeries have: of others it may count whatever it likes. */
function isOfForgeries({ match }: AdmissionPolicy): boolean {
  const ofOperator = (match.rules ?? []).some(({ apiGroups }) =>
    apiGroups.some((group) => group === '*' || group.endsWith('external-secrets.io')),
  );
  return ofOperator || Object.values(kinds).some((kind) => isAbout(match, kind));
}

/** Says what stands behind the variables of a policy. */
class Paths {
  private readonly variables: ReadonlyMap<string, Compiled>;

  constructor({ variables }: AdmissionPolicy) {
    this.variables = new Map(variables.map(({ name, text }) => [name, compile(text)]));
  }

  /** The paths that a path leads to, once each variable is what it looks at. */
  behind([root = '', name = '', ...rest]: Path, seen: readonly string[] = []): Path[] {
    const own = [root, ...(name === '' ? [] : [name]), ...rest];
    const variable = root === 'variables' && !seen.includes(name) ? this.variables.get(name) : undefined;
    if (variable === undefined) return [own];
    return variable.everyLook.flatMap(({ path }) => this.behind([...path, ...rest], [...seen, name]));
  }
}
