import { type DistFile, type DistPlan, DistPlanner, shardRecordFile, type Write } from '../dist/index.ts';
import { sha256 } from '../sha256.ts';
import { isOfShard, type Shard } from '../shards/shard.ts';
import { withFiles } from './command.ts';

/** What a comparison is asked for beside how a folder differs. */
export interface ComparisonOptions {
  /** Only its files are compared; without it, all are. */
  readonly shard?: Shard | undefined;
  /** Whether the folder is the shard's alone: files of others there are surplus. */
  readonly isAlone?: boolean;
  /** Whether digests are asked for. */
  readonly isDigested?: boolean;
  /** So many files are compared only when all have come. */
  readonly mostKept?: number;
}

/** What is left to be done when all files have come: to write these, and what the rest of the plan says. */
export interface Compared {
  readonly writes: readonly Write[];
  readonly plan: DistPlan;
}

/**
 * Compares a folder with files that come part by part. A thread that proves them, too, should not have to wait for the disk:
 * the first files are compared when the last has come. To keep all until then would fill the memory.
 *
 * @throws UsageError from `add` and `end`, when the folder cannot be read
 */
export class Comparison {
  /** How many files have come. */
  count = 0;
  private readonly kept: DistFile[] = [];
  private readonly digested = new Map<string, string>();
  private readonly folder: string;
  private readonly options: ComparisonOptions;
  /** The folder is looked at when files are compared for the first time. */
  private planner: DistPlanner | undefined;

  constructor(folder: string, options: ComparisonOptions = {}) {
    this.folder = folder;
    this.options = options;
  }

  /** Whether something stands in the way of the plan, as far as is known by now. */
  get isObstructed(): boolean {
    return this.planner !== undefined && this.planner.obstacles.length > 0;
  }

  /** The `sha256` of each file that came, by path, if they are asked for. */
  get digests(): ReadonlyMap<string, string> {
    this.digest(this.kept);
    return this.digested;
  }

  /** @returns what is known by now to differ */
  add(files: readonly DistFile[]): readonly Write[] {
    const { mostKept = 20_000 } = this.options;
    // Each shard has a record of its own, which is in no dist.
    const own = files.filter(({ path }) => path === shardRecordFile || this.isOwn(path));
    this.count += own.length;
    if (this.kept.length >= mostKept) return this.compare(own);
    for (const file of own) this.kept.push(file);
    return [];
  }

  end(): Compared {
    const writes = this.compare(this.kept.splice(0));
    return { writes, plan: this.reading((planner) => planner.end()) };
  }

  private compare(files: readonly DistFile[]): readonly Write[] {
    this.digest(files);
    return this.reading((planner) => planner.add(files));
  }

  private digest(files: readonly DistFile[]): void {
    if (!this.options.isDigested) return;
    for (const { path, text } of files) if (!this.digested.has(path)) this.digested.set(path, sha256(text));
  }

  private reading<Result>(read: (planner: DistPlanner) => Result): Result {
    return withFiles(`${this.folder} cannot be read`, () => {
      const isLookedAt = (file: string) => this.options.isAlone || this.isOwn(file);
      this.planner ??= new DistPlanner(this.folder, isLookedAt);
      return read(this.planner);
    });
  }

  private isOwn(file: string): boolean {
    return this.options.shard === undefined || isOfShard(file, this.options.shard);
  }
}
