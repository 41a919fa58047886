import { type Mapping, mapping } from '../../files/store.ts';
import { serviceLabel, sharedLabel } from '../../files/tenants.ts';
import type { Ground } from '../ground.ts';
import type { Attempt } from '../model.ts';
import { creation, deletion, kinds, namespaceNamed, patched, update } from '../requests.ts';

/** Ways by which a namespace would claim what is not its own: its labels set, changed and removed, itself made anew. */
export function namespaceForgeries({ namespace, foreign, service }: Ground): Attempt[] {
  const [{ identity: victim } = { identity: 'another' }, { identity: shared } = { identity: 'shared' }] =
    foreign;
  const kind = kinds.Namespace;
  const labelled = (labels: Mapping) => patched(namespace, { metadata: { labels } });
  const claims = Object.keys(mapping(mapping(namespace.metadata).labels)).filter((key) =>
    /(^|\.)eso-abac\//.test(key),
  );
  const bare = labelled(Object.fromEntries(claims.map((key) => [key, null])));
  const labels: readonly (readonly [what: string, labels: Mapping])[] = [
    ['become another service', { [serviceLabel]: victim }],
    ['take a shared identity', { [`${sharedLabel}${shared}`]: 'true' }],
    ['take a shared identity that is not true yet', { [`${sharedLabel}${shared}`]: 'yes' }],
    ['be of an empty service', { [serviceLabel]: '' }],
    ['get a label of ours that means nothing yet', { 'eso-abac/another': 'true' }],
  ];
  const changes = [
    ...labels.map(([what, own]) => ({ what, object: labelled(own) })),
    { what: 'belong to no service any more', object: bare },
    ...claims.map((key) => ({ what: `lose ${key}`, object: labelled({ [key]: null }) })),
  ];
  const theirs = namespaceNamed('another-namespace', { [serviceLabel]: victim });
  const unlabelled = namespaceNamed('sandbox');
  const made = labels.filter(([what]) => !what.startsWith('be of'));
  return [
    ...changes.flatMap(({ what, object }) => [
      { what: `make its namespace ${what}`, request: update(kind, namespace, object, null) },
      ...['status', 'finalize'].map((subresource) => ({
        what: `make its namespace ${what}, by its ${subresource}`,
        attack: `make its namespace ${what}`,
        request: update(kind, namespace, object, null, { subresource }),
      })),
      {
        what: `make its namespace ${what}, as a dry run`,
        attack: `make its namespace ${what}`,
        request: update(kind, namespace, object, null, { dryRun: true }),
      },
    ]),
    ...claims
      .filter((key) => key.startsWith(sharedLabel))
      .map((key) => ({
        what: 'make true a shared identity that is not',
        request: update(kind, labelled({ [key]: 'false' }), namespace, null),
      })),
    ...made.map(([what, own]) => ({
      what: `create a namespace, to ${what}`,
      request: creation(kind, namespaceNamed('sandbox', own), null),
    })),
    ...made.map(([what, own]) => ({
      what: `make a namespace of no service ${what}`,
      request: update(kind, unlabelled, namespaceNamed('sandbox', own), null),
    })),
    {
      what: 'create the namespace of its service once more',
      request: creation(kind, namespaceNamed('sandbox', { [serviceLabel]: service }), null),
    },
    {
      what: 'take the label off the namespace of another service',
      request: update(kind, theirs, namespaceNamed('another-namespace'), null),
    },
    {
      what: 'take a shared identity off the namespace of another service',
      request: update(
        kind,
        namespaceNamed('another-namespace', { [serviceLabel]: victim, [`${sharedLabel}${shared}`]: 'true' }),
        theirs,
        null,
      ),
    },
    {
      what: 'make the namespace of another service its own',
      request: update(kind, theirs, namespaceNamed('another-namespace', { [serviceLabel]: service }), null),
    },
    { what: 'delete its namespace, to make it anew', request: deletion(kind, namespace, null) },
    { what: 'delete the namespace of another service', request: deletion(kind, theirs, null) },
  ];
}
