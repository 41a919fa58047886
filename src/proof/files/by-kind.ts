import { type Reading, type Source, startOf } from './model.ts';
import { type FileKind, fileKind } from './paths.ts';

/** A file of a kind. */
export type Kinded<Kind extends FileKind['kind']> = Source & {
  readonly is: FileKind & { readonly kind: Kind };
};

/** The files of dist by what they are, each kind by path. What lies where it does not belong is reported. */
export class FilesByKind {
  private readonly files = new Map<string, Kinded<FileKind['kind']>[]>();
  private readonly sorted = new Set<string>();

  constructor(sources: Iterable<Source>, reading: Reading) {
    for (const { path, text } of sources) {
      const is = fileKind(path);
      if (is === undefined) continue;
      const known = this.files.get(is.kind);
      if (known === undefined) this.files.set(is.kind, [{ path, text, is }]);
      else known.push({ path, text, is });
    }
    for (const { path } of this.of('unknown'))
      reading.document(
        startOf(path),
        `${path} is a file that the proof knows nothing about`,
        'the files that eso-abac writes',
      );
  }

  of<Kind extends FileKind['kind']>(kind: Kind): readonly Kinded<Kind>[] {
    const found = this.files.get(kind) ?? [];
    if (!this.sorted.has(kind)) found.sort((a, b) => (a.path < b.path ? -1 : 1));
    this.sorted.add(kind);
    return found as unknown as readonly Kinded<Kind>[];
  }
}
