import { expect, it } from 'vitest';
import { authorizerFor, claimGroup } from '../../src/proof/guard/authorizer.ts';
import { Admission } from '../../src/proof/guard/decide.ts';
import { guardOf } from '../proof/guard/platform.ts';
import { Dice } from '../support/dice.ts';
import { askKubernetes } from './library.ts';
import { Policies } from './policies.ts';
import { type Asked, Rights } from './rights.ts';

const many = <Item>(length: number, item: () => Item) => Array.from({ length }, item);

it('policies that the proof reads are in force, and about all the requests that it takes them for', () => {
  const policies = new Policies(new Dice(1));
  const cases = many(2000, () => ({
    objects: policies.objects(),
    requests: many(12, () => policies.request()),
  }))
    .map((one) => ({ ...one, guard: { ...guardOf(...one.objects), servedVersions: ['v1'] } }))
    .filter(({ guard }) => guard.findings.length === 0);
  const answers = askKubernetes(
    cases.map(({ objects, requests }) => ({
      objects,
      requests: requests.map(({ namespaceObject, ...request }) => ({
        ...request,
        namespaceLabels: labelsOf(request.kind === 'Namespace' ? request.oldObject : namespaceObject),
        served: ['v1', request.version],
      })),
    })),
  );
  const found = cases.flatMap(({ objects, requests, guard }, index) => {
    const admission = new Admission(guard);
    return requests.map((request, at) => ({
      objects,
      request,
      refused: answers[index]?.refused.filter((why) => why !== ''),
      ours: admission.decide(request).refusals.length > 0,
      theirs: answers[index]?.matched[at],
    }));
  });
  expect(found.filter(({ refused, ours, theirs }) => refused?.length !== 0 || (ours && !theirs))).toEqual([]);
  expect(found.filter(({ ours }) => ours).length).toBeGreaterThan(1000);
  expect(found.filter(({ theirs }) => !theirs).length).toBeGreaterThan(1000);
});

const labelsOf = (object: unknown) =>
  (object as { metadata?: { labels?: unknown } } | null)?.metadata?.labels ?? {};

/** Whether the proof answers for dist alone. Any other right a tenant may have from elsewhere. */
const isOfDist = ({ parts: { group, namespace, check } }: Asked) =>
  group === claimGroup && namespace === '' && check !== 'get';

it('roles and bindings that the proof reads are in force, and give the rights that it takes them for', () => {
  const rights = new Rights(new Dice(1));
  const cases = many(3000, () => ({ objects: rights.objects(), asked: many(12, () => rights.asked()) }))
    .map((one) => ({ ...one, guard: guardOf(...one.objects) }))
    .filter(({ guard }) => guard.findings.length === 0);
  const answers = askKubernetes(
    cases.map(({ objects, asked }) => ({
      objects,
      rights: asked.map(({ user, parts: { check, ...parts } }) => ({ ...user, ...parts, verb: check })),
    })),
  );
  const found = cases.flatMap(({ objects, asked, guard }, index) =>
    asked.map((one, at) => ({
      objects,
      asked: one,
      refused: answers[index]?.refused.filter((why) => why !== ''),
      ours: authorizerFor(one.user, guard).answers(one.parts),
      theirs: answers[index]?.allowed[at],
    })),
  );
  const isWrong = ({ asked, ours, theirs }: (typeof found)[number]) =>
    isOfDist(asked) ? ours !== theirs : theirs === true && !ours;
  expect(found.filter((one) => one.refused?.length !== 0 || isWrong(one))).toEqual([]);
  expect(found.filter(({ theirs }) => theirs).length).toBeGreaterThan(100);
  expect(found.filter(({ asked, ours }) => isOfDist(asked) && !ours).length).toBeGreaterThan(1000);
});
