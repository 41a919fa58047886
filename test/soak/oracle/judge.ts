import { type Admission, isAdmitted } from './admission.ts';
import { NotJudged } from './policy.ts';
import { gained } from './probes.ts';
import { abacKeys, wrongReads } from './reads.ts';
import { everyday, forgeries } from './requests.ts';
import { objectsOf } from './sessions.ts';
import { type File, readWorld, type World } from './world.ts';

/**
 * What is wrong with files that were changed, by a reading of their own that shares no code with the proof: somebody reads
 * what is not theirs or cannot read what is, something can be done that could not be done before, or what must go on is
 * refused. Tries one request after the other and knows no theory.
 *
 * @param before files in order, of which everything that is possible is right
 * @returns nothing where isolation still holds
 */
export function wrongWith(before: readonly File[], after: readonly File[]): string[] {
  try {
    const old = readWorld(before);
    const now = before === after ? old : readWorld(after, before);
    const keys = abacKeys(old);
    const isSame = ofAws(before) === ofAws(after);
    return [...wrongReads(now, keys), ...(isSame ? [] : gained(old, now, keys)), ...letThrough(old, now)];
  } catch (problem) {
    if (problem instanceof NotJudged) return [`the oracle cannot judge ${problem.message}`];
    // Files of another form than ours are none that a proof may pass.
    return [`the oracle cannot read this: ${problem instanceof Error ? problem.message : String(problem)}`];
  }
}

function ofAws(files: readonly File[]): string {
  const aws = files.filter(({ path }) => path.startsWith('aws/') && !path.includes('/secrets/'));
  return JSON.stringify(aws.map(({ path, text }) => [path, text]).sort());
}

/** Requests to the API servers that are answered otherwise than before. */
function letThrough(before: World, after: World): string[] {
  return before.services.flatMap((file) => {
    const { cluster, service } = file;
    const now = after.services.find((one) => one.cluster === cluster && one.service === service);
    const [old, platform] = [before, after].map((world) => world.platforms.get(cluster) ?? []);
    if (now === undefined || old === undefined || platform === undefined) return [];
    // Who hands in the same twice asks whether what must go on goes on.
    const [was, is] = [before, after].map((world) => world.operators.get(cluster) ?? []);
    if (before !== after && JSON.stringify([file, old, was]) === JSON.stringify([now, platform, is]))
      return [];
    const [namespaceObject = null] = objectsOf(file, 'Namespace');
    const [changed] = objectsOf(now, 'Namespace');
    const asBefore = (request: Admission) =>
      request.namespaceObject === changed ? { ...request, namespaceObject } : request;
    // Without a change nothing is let through that was not before.
    const tried = before === after ? [] : forgeries(now, before.services, was ?? []);
    const forged = tried.filter(
      ({ request }) => isAdmitted(platform, request) && !isAdmitted(old, asBefore(request)),
    );
    const refused = everyday(now, platform, is ?? []).filter(({ request }) => !isAdmitted(platform, request));
    return [
      ...forged.map(({ what }) => `${cluster}/${service}: ${what}`),
      ...refused.map(({ what }) => `${cluster}/${service} is refused: ${what}`),
    ];
  });
}
