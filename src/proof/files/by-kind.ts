import { type Reading, type Source, startOf } from './model.ts';
import { type FileKind, fileKind } from './paths.ts';

/** A file of a kind. */
export type Kinded<Kind extends FileKind['kind']> = Source & {
  readonly is: FileKind & { readonly kind: Kind };
};

/** The files of dist by what they are, each kind by path. What lies where it does not belong is reported. */
export class FilesByKind {
  private readonly files = new Map<string, Kinded<FileKind['kind']>[]>();

  constructor(sources: Iterable<Source>, reading: Reading) {
    const sorted = [...sources].sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const source of sorted) {
      const is = fileKind(source.path);
      if (is?.kind === 'unknown')
        reading.document(
          startOf(source.path),
          `${source.path} is a file that the proof knows nothing about`,
          'the files that eso-abac writes',
        );
      if (is === undefined) continue;
      const known = this.files.get(is.kind) ?? [];
      this.files.set(is.kind, known);
      known.push({ ...source, is });
    }
  }

  of<Kind extends FileKind['kind']>(kind: Kind): readonly Kinded<Kind>[] {
    return (this.files.get(kind) ?? []) as unknown as readonly Kinded<Kind>[];
  }
}
