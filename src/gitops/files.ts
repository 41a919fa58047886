import type { Fleet } from '../fleet/model.ts';
import { toYaml } from '../yaml/write.ts';
import { argoCdFiles } from './argocd.ts';
import { fluxFiles } from './flux.ts';
import { type GitopsObject, objectsOf } from './objects.ts';

/** A file of Argo CD's or Flux's objects; `path` is relative to dist, with `/`. */
export interface GitopsFile {
  readonly path: string;
  readonly text: string;
  readonly objects: readonly GitopsObject[];
  /** The cluster whose Flux they are for; empty for those of Argo CD, which runs anywhere. */
  readonly cluster: string;
}

/** The objects that let Argo CD and Flux apply dist to the clusters. None without `gitops:` in the input. */
export function gitopsFiles(fleet: Fleet): GitopsFile[] {
  const { gitops, clusters } = fleet;
  if (gitops === undefined) return [];
  const { argocd, flux } = gitops;
  const files: GitopsFile[] = [];
  for (const { name, summary, make } of argocd ? argoCdFiles(fleet, gitops, argocd) : []) {
    files.push({ cluster: '', ...written(`gitops/argocd/${name}.yaml`, summary, objectsOf(make)) });
  }
  for (const cluster of clusters) {
    for (const { path, summary, make } of flux ? fluxFiles(fleet, gitops, flux, cluster) : []) {
      const file = written(`gitops/flux/${cluster.name}/${path}`, summary, objectsOf(make));
      files.push({ cluster: cluster.name, ...file });
    }
  }
  return files;
}

function written(path: string, summary: string, objects: readonly GitopsObject[]) {
  return {
    path,
    objects,
    text: `# ${summary}\n${objects.map((object) => `---\n${toYaml(object)}`).join('')}`,
  };
}
