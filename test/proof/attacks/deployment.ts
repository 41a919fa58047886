import type { Group } from './attack.ts';
import { byArgoCd } from './deployment-argocd.ts';
import { byFlux } from './deployment-flux.ts';

export const deployment: Group = {
  title: 'How dist gets to the clusters',
  stops:
    'Of the objects of Argo CD and Flux every field is known: none of them alters what it applies. They apply one folder of one revision, to each cluster its own part, and none without the platform.',
  attacks: [...byArgoCd, ...byFlux],
};
