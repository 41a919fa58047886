import { dump, loadAll } from 'js-yaml';
import type { Tree } from './tree.ts';

/** Something that is done to the files of dist. */
export type Change = (files: Map<string, string>) => void;

/** JSON data. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** A tree after a change; the tree itself stays as it is. */
export function changed(tree: Tree, changes: Change | readonly Change[]): Tree {
  const files = new Map(tree);
  for (const change of [changes].flat()) change(files);
  return files;
}

/** Patches one statement of a role's document. Every template that holds the document gets the same. */
export function statement(file: string, sid: string, patch: JsonObject): Change {
  return document(file, (statements) => {
    const found = statements.filter(({ Sid }) => Sid === sid);
    if (found.length !== 1) throw new Error(`${file} has ${found.length} statements ${sid}`);
    return statements.map((one) => (one.Sid === sid ? asObject(patched(one, patch)) : one));
  });
}

/** Puts a statement behind the others of a role's document. */
export function addedStatement(file: string, added: JsonObject): Change {
  return document(file, (statements) => [...statements, added]);
}

/** Changes the statements of a role's document, in its folder and in every template that holds it. */
export function document(
  file: string,
  change: (statements: readonly JsonObject[]) => readonly Json[],
): Change {
  return (files) => {
    const content = asObject(JSON.parse(textOf(files, file)));
    const statements = asList(content.Statement).map(asObject);
    files.set(file, written({ ...content, Statement: change(statements) }));
    deploy(files, file);
  };
}

/** Patches a JSON file at a path of keys and indexes, and nothing else. */
export function json(file: string, path: readonly (string | number)[], patch: Json): Change {
  return (files) => files.set(file, written(changedAt(JSON.parse(textOf(files, file)), path, patch)));
}

/** Patches the one object of a kind in a file of manifests at a path, or does what a function says. */
export function manifest(
  file: string,
  kind: string,
  path: readonly (string | number)[],
  patch: Json | ((node: Json) => Json),
): Change {
  return manifests(file, (objects) => {
    if (objects.filter((object) => object.kind === kind).length !== 1) throw new Error(`not one ${kind}`);
    return objects.map((object) =>
      object.kind === kind ? asObject(changedAt(object, path, patch)) : object,
    );
  });
}

/** Changes the objects of a file of manifests. */
export function manifests(
  file: string,
  change: (objects: readonly JsonObject[]) => readonly JsonObject[],
): Change {
  return (files) => {
    const objects = change((loadAll(textOf(files, file)) as Json[]).map(asObject));
    files.set(file, objects.map((object) => `---\n${dump(object, { lineWidth: -1 })}`).join(''));
  };
}

function changedAt(
  node: Json,
  [key, ...rest]: readonly (string | number)[],
  patch: Json | ((node: Json) => Json),
): Json {
  if (key === undefined) return typeof patch === 'function' ? patch(node) : patched(node, patch);
  if (typeof key === 'number')
    return asList(node).map((item, index) => (index === key ? changedAt(item, rest, patch) : item));
  const object = asObject(node);
  if (!(key in object)) throw new Error(`there is no ${key}`);
  return { ...object, [key]: changedAt(object[key] ?? null, rest, patch) };
}

/** Replaces the first place at which a text stands. */
export function text(file: string, from: string, to: string): Change {
  return (files) => {
    const before = textOf(files, file);
    if (!before.includes(from)) throw new Error(`${file} does not hold ${from}`);
    files.set(
      file,
      before.replace(from, () => to),
    );
    if (file.includes('/roles/')) deploy(files, file);
  };
}

/** Puts a text at the end of a file, or into a new one. */
export function appended(file: string, more: string): Change {
  return (files) => files.set(file, (files.get(file) ?? '') + more);
}

/** Takes a file away. */
export function removed(file: string): Change {
  return (files) => {
    if (!files.delete(file)) throw new Error(`there is no ${file}`);
  };
}

/** A merge patch as of RFC 7396: null takes a key away, objects are merged, anything else replaces what was there. */
function patched(node: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json> = isObject(node) ? { ...node } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = patched(result[key] ?? null, value);
  }
  return result;
}

/**
 * Writes a changed document of a role into the templates that hold a copy. Whoever alters a policy on purpose does so
 * too, and then only what the policy says can give it away.
 */
function deploy(files: Map<string, string>, file: string): void {
  const [, account = '', role = '', which = ''] =
    /^aws\/(\d+)\/roles\/(.*)\/(policy|trust)\.json$/.exec(file) ?? [];
  const content = textOf(files, file);
  for (const [path, template] of [...files].filter(([path]) => path.startsWith(`aws/${account}/`))) {
    if (path.endsWith('/cloudformation.json'))
      files.set(path, inCloudFormation(template, role, which, content));
    if (which !== 'policy') continue;
    if (path.includes('/eksctl/') && template.includes(`"roleName": "${role}"`))
      files.set(path, inEksctl(template, content));
    if (path.includes('/pod-identity/') && template.includes(`/${role}"`))
      files.set(path, inPodIdentity(template, content));
  }
}

/** Templates are put together as texts, so that what a parser would drop, such as a key that stands twice, stays. */
function inCloudFormation(template: string, role: string, which: string, content: string): string {
  const root = asObject(JSON.parse(template));
  const resources = Object.entries(asObject(root.Resources)).map(([id, resource]) => {
    const properties = asObject(asObject(resource).Properties);
    if (properties.RoleName !== role) return [id, resource];
    const replaced =
      which === 'trust'
        ? { AssumeRolePolicyDocument: placeholder }
        : { Policies: [{ PolicyName: 'eso-abac', PolicyDocument: placeholder }] };
    return [id, { ...asObject(resource), Properties: { ...properties, ...replaced } }];
  });
  return filledIn(written({ ...root, Resources: Object.fromEntries(resources) }), content);
}

function inEksctl(config: string, content: string): string {
  const root = asObject(JSON.parse(config));
  const iam = asObject(root.iam);
  const [account] = asList(iam.serviceAccounts).map(asObject);
  const serviceAccounts = [{ ...account, attachPolicy: placeholder }];
  return filledIn(written({ ...root, iam: { ...iam, serviceAccounts } }), content);
}

function inPodIdentity(template: string, content: string): string {
  const policy = JSON.stringify(JSON.parse(content));
  return template.replace(/"Policy": ".*"/, () => `"Policy": ${JSON.stringify(policy)}`);
}

const placeholder = '<document>';

function filledIn(template: string, content: string): string {
  return template.replace(`"${placeholder}"`, () => content.trimEnd());
}

function written(content: Json): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

function textOf(files: ReadonlyMap<string, string>, file: string): string {
  const found = files.get(file);
  if (found === undefined) throw new Error(`there is no ${file}`);
  return found;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: Json | undefined): JsonObject {
  if (!isObject(value)) throw new Error('this is no object');
  return value;
}

function asList(value: Json | undefined): readonly Json[] {
  if (!Array.isArray(value)) throw new Error('this is no list');
  return value;
}
