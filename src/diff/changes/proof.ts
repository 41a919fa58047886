import type { Finding } from '../../findings/finding.ts';
import { proveDist } from '../../proof/prove/prove.ts';
import { rolesDiffer } from '../access/select.ts';
import type { Change } from '../model.ts';
import type { Side } from '../side.ts';
import { type Comparison, sourcesOf, type Texts } from '../texts.ts';
import { words } from '../words.ts';

/**
 * What the proof finds on the new side, when roles or a guard differ; what each service asks for is compared anyway. The
 * old side is asked only about what was found.
 */
export function proofChanges(comparison: Comparison): Change[] {
  const guards = comparison.changed.some((path) =>
    /^clusters\/[^/]+\/platform\/|^aws\/[^/]+\/tag-guard\./.test(path),
  );
  if (!guards && !rolesDiffer(comparison)) return [];
  const found = errorsIn(comparison.head);
  if (found.length === 0) return [];
  const known = new Set(errorsIn(comparison.base).map(({ rule, message }) => `${rule} ${message}`));
  const fresh = found.filter(({ rule, message }) => !known.has(`${rule} ${message}`));
  return fresh.map(proofChange);
}

function errorsIn(texts: Texts): readonly Finding[] {
  if (texts.size === 0) return [];
  return proveDist(sourcesOf(texts)).findings.filter(({ severity }) => severity === 'error');
}

function proofChange({ rule, message, location }: Finding): Change {
  const place = location === undefined ? 'dist' : `${location.file}:${location.start.line}`;
  return {
    kind: 'proof',
    danger: true,
    subject: place,
    text: words`the proof fails where it did not before: ${message} (${place}, ${rule})`,
    together: words`places at which the proof fails where it did not before (${rule})`,
  };
}

/** Files of which the proof does not understand everything, so that access may be more or less than is said here. */
export function unreadChanges(base: Side, head: Side, changed: ReadonlySet<string>): Change[] {
  const sides = [
    ['before', base],
    ['now', head],
  ] as const;
  return sides.flatMap(([when, { unclear, reads }]): Change[] => {
    const files = unclear.filter((file) => changed.has(file));
    const many = reads === undefined;
    return [
      ...files.map((file) => ({
        kind: 'unread' as const,
        danger: true,
        subject: file,
        text: words`${file} holds something ${[when]} that the proof does not know: who can read what may differ from what is said here`,
        together: words`files hold something ${[when]} that the proof does not know: who can read what may differ from what is said here`,
      })),
      ...(many
        ? [
            {
              kind: 'unread' as const,
              danger: true,
              subject: when,
              text: words`${[when]} the policies let services read each other's secrets, so many that they are not listed`,
              together: words`sides let services read each other's secrets`,
            },
          ]
        : []),
    ];
  });
}
