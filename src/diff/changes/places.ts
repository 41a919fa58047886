import { grouped } from '../../grouped.ts';
import { fileKind } from '../../proof/files/paths.ts';
import type { Change, FileChange } from '../model.ts';
import { foldersBelow } from '../side.ts';
import type { Comparison, Texts } from '../texts.ts';
import { names, words } from '../words.ts';
import { fieldWords } from './gitops.ts';

/** Clusters, accounts and regions that come and go. */
export function placeChanges({ base, head }: Comparison): Change[] {
  const [clusters, accounts] = [
    wholeFolders(base, head, 'clusters', 'operator'),
    wholeFolders(base, head, 'aws'),
  ];
  const [before, after] = [regionsOf(base), regionsOf(head)];
  const regions = [...before].filter(
    ([place, { account }]) => !after.has(place) && !accounts.removed.includes(account),
  );
  return [
    ...clusters.added.map((name) => added('cluster', name)),
    ...clusters.removed.map((name) => removed('cluster', name)),
    ...accounts.added.map((name) => added('account', name)),
    ...accounts.removed.map((name) => removed('account', name)),
    ...regions.map(([, one]) => regionRemoved(one)),
  ];
}

function wholeFolders(base: Texts, head: Texts, ...folders: string[]) {
  const [before, after] = [base, head].map(
    (texts) => new Set(folders.flatMap((folder) => [...foldersBelow(texts, folder)])),
  ) as [Set<string>, Set<string>];
  return {
    added: [...after].filter((name) => !before.has(name)).sort(),
    removed: [...before].filter((name) => !after.has(name)).sort(),
  };
}

function added(what: 'cluster' | 'account', name: string): Change {
  const [text, together] = [words`${[what]} ${name} is new`, words`${[`${what}s`]} are new`];
  return { kind: `${what}-added`, danger: false, subject: name, text, together };
}

const staying = {
  cluster: words`what runs there stays as it is, with its operator and the Secrets that it has`,
  account: words`its roles and secrets stay in AWS, and the roles can still be assumed, until somebody deletes them`,
};

function removed(what: 'cluster' | 'account', name: string): Change {
  return {
    kind: `${what}-removed`,
    danger: true,
    subject: name,
    text: words`${[what]} ${name} is gone from the input: ${staying[what]}`,
    together: words`${[`${what}s`]} are gone from the input: ${staying[what]}`,
  };
}

interface Place {
  readonly account: string;
  readonly region: string;
}

function regionsOf(texts: Texts): Map<string, Place> {
  const found = new Map<string, Place>();
  for (const path of texts.keys()) {
    const is = fileKind(path);
    if (is?.kind === 'secrets') found.set(`${is.account}/${is.region}`, is);
  }
  return found;
}

function regionRemoved({ account, region }: Place): Change {
  const rest = words`the secrets that are there stay in AWS`;
  return {
    kind: 'region-removed',
    danger: true,
    subject: region,
    text: words`region ${region} of account ${account} holds no secrets of dist any more: ${rest}`,
    together: words`regions of account ${account} hold no secrets of dist any more: ${rest}`,
  };
}

/** Values of the operator's Helm chart that say what the operator may do; the others are sizes and numbers. */
const powers = /^(process|rbac|serviceAccount|systemAuth|genericTargets|scoped|webhook\.failurePolicy)/;

/** What differs in the values that the operator is installed with, in clusters that stay. */
export function valuesChanges(objects: readonly FileChange[]): Change[] {
  const found = objects.flatMap(({ file, change, objects: all }) => {
    const cluster = /^operator\/([^/]+)\/helm-values\.yaml$/.exec(file)?.[1];
    if (cluster === undefined || change !== 'changed') return [];
    return all.flatMap(({ fields }) => fields).map((field) => ({ ...field, cluster }));
  });
  const groups = grouped(found, ({ path, from, to }) => JSON.stringify([path, from, to]));
  return [...groups.values()].map((group): Change => {
    const [{ path, from, to }] = group;
    const clusters = names(group.map(({ cluster }) => cluster));
    return {
      kind: 'operator',
      danger: powers.test(path),
      subject: path,
      text: words`the operator in ${clusters} is installed with ${fieldWords({ path, from, to })}`,
      together: words`values of the operator in ${clusters} differ`,
    };
  });
}
