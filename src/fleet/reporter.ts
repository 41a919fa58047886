import type { Finding, Locate, Path, PathTarget } from '../findings/finding.ts';
import { maxFindings } from '../findings/limits.ts';
import type { RuleName } from '../findings/rules.ts';
import type { Part } from '../input/repair.ts';

/** What a finding says besides its rule, place and message; as a function where it takes long to say. */
interface Details {
  readonly allowed?: string | (() => string);
  readonly nearest?: string | undefined | (() => string | undefined);
  readonly severity?: Finding['severity'];
  readonly target?: PathTarget;
}

/** What a rule compares with. When something of it was left out, the comparison says nothing. */
const lookedUpIn: Partial<Record<RuleName, Part>> = {
  'unknown-service': 'services',
  'unknown-cluster': 'clusters',
  'secret-arn': 'aws',
};

/**
 * Collects findings about places of the input. The same fact in several clusters is reported once. Of errors and of
 * warnings the first `maxFindings` are kept.
 */
export class Reporter {
  private readonly byText = new Map<string, Finding>();
  private readonly counts = { error: 0, warning: 0 };
  private readonly locate: Locate;
  private readonly incomplete: ReadonlySet<Part>;

  /** @param incomplete the parts of the input that lost something: comparisons with them are not reported */
  constructor(locate: Locate, incomplete: ReadonlySet<Part>) {
    this.locate = locate;
    this.incomplete = incomplete;
  }

  /** Keeps a finding, unless it is there already or there are too many. */
  report(rule: RuleName, path: Path, message: string, details: Details = {}): void {
    const part = lookedUpIn[rule];
    if (part !== undefined && this.incomplete.has(part)) return;
    const { allowed, nearest, severity = 'error', target } = details;
    const key = JSON.stringify([rule, path, message]);
    if (this.byText.has(key) || this.counts[severity] === maxFindings) return;
    this.counts[severity]++;
    this.byText.set(key, {
      rule,
      severity,
      message,
      allowed: typeof allowed === 'function' ? allowed() : allowed,
      nearest: typeof nearest === 'function' ? nearest() : nearest,
      location: this.locate(path, target),
    });
  }

  /** A place as `file:line:column`, for messages that point to a second place. */
  place(path: Path): string {
    const { file, start } = this.locate(path);
    return `${file}:${start.line}:${start.column}`;
  }

  findings(): Finding[] {
    return [...this.byText.values()];
  }
}
