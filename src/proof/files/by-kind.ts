import { type Reading, type Source, startOf } from './model.ts';
import { anyCase, type FileKind, fileKind } from './paths.ts';

/** A file of a kind. */
export type Kinded<Kind extends FileKind['kind']> = Source & {
  readonly is: FileKind & { readonly kind: Kind };
};

/** The files of dist by what they are, each kind by path. What lies where it does not belong is reported. */
export class FilesByKind {
  private readonly files = new Map<FileKind['kind'], Kinded<FileKind['kind']>[]>();
  private readonly sorted = new Set<string>();

  constructor(sources: Iterable<Source>, reading: Reading) {
    for (const { path, text } of sources) {
      const is = fileKind(path);
      if (is === undefined) continue;
      const known = this.files.get(is.kind);
      if (known === undefined) this.files.set(is.kind, [{ path, text, is }]);
      else known.push({ path, text, is });
    }
    this.reportEqualNames(reading);
    for (const { path } of this.of('unknown'))
      reading.document(
        startOf(path),
        `${path} is a file that the proof knows nothing about`,
        'the files that eso-abac writes',
      );
  }

  /** Of two such files some file systems keep one. Files of services and secrets, which are many, are missed by their owners. */
  private reportEqualNames(reading: Reading): void {
    const kinds = [...this.files.keys()].filter((kind) => kind !== 'tenant' && kind !== 'secrets');
    const paths = kinds.flatMap((kind) => this.of(kind).map(({ path }) => path)).sort();
    const known = new Map<string, string>();
    for (const path of paths) {
      const first = known.get(anyCase(path));
      if (first !== undefined)
        reading.document(
          startOf(path),
          `${path} is called like ${first} but for its case`,
          'names that every file system tells apart',
        );
      known.set(anyCase(path), first ?? path);
    }
  }

  of<Kind extends FileKind['kind']>(kind: Kind): readonly Kinded<Kind>[] {
    const found = this.files.get(kind) ?? [];
    if (!this.sorted.has(kind)) found.sort((a, b) => (a.path < b.path ? -1 : 1));
    this.sorted.add(kind);
    return found as unknown as readonly Kinded<Kind>[];
  }
}
