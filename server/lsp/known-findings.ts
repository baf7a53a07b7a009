// Known findings: what the baselines know that configuration files name, so that an editor shows what the command line shows.
import { type Baseline, type Change, compareWith, parseBaseline } from '../report/baseline';
import type { ReportedFinding } from '../report/reported-finding';
import { lineReader } from '../report/source-text';
import { decodeUtf8 } from '../workspace/decoding';
import { type FileSystem, parentOf } from '../workspace/file-system';
import type { Snapshot } from '../workspace/snapshot';

const MAXIMUM_BYTES = 64_000_000;

/** The baselines of a workspace; one that cannot be used knows nothing, and is told. */
export class KnownFindings {
  /** By their paths. */
  private readonly baselines = new Map<string, Baseline>();
  private readonly pathOf = new Map<string, string>();
  private last: { readonly snapshot: Snapshot; readonly change?: Change; readonly known: ReadonlySet<ReportedFinding> } | undefined;

  constructor(
    private readonly files: FileSystem | undefined,
    private readonly onProblem: (file: string, message: string) => void,
  ) {}

  /** Notes which baseline is a file's; reads it where it is named for the first time. */
  async include(file: string, baseline: string | undefined): Promise<void> {
    if (baseline === undefined || !this.files) return;
    this.pathOf.set(file, baseline);
    this.last = undefined;
    if (!this.baselines.has(baseline)) this.baselines.set(baseline, await this.read(baseline, this.files));
  }

  has(path: string): boolean {
    return this.baselines.has(path);
  }

  /** What baselines know of all that was found, and, where there is one, how that compares. Worked out once for a snapshot. */
  in(snapshot: Snapshot): { readonly change?: Change; readonly known: ReadonlySet<ReportedFinding> } {
    if (this.last?.snapshot !== snapshot) {
      const change = this.baselines.size === 0 ? undefined : this.compare(snapshot);
      this.last = { snapshot, ...(change && { change }), known: new Set(change?.known) };
    }
    return this.last;
  }

  private compare(snapshot: Snapshot): Change {
    const findings = snapshot.findings();
    const files = new Set(snapshot.files);
    const lineOf = lineReader((file) => snapshot.text(file));
    const parts = [...this.baselines].map(([path, baseline]) => {
      const own = ({ file }: ReportedFinding) => this.pathOf.get(file) === path;
      const found = { findings: findings.filter(own), suppressed: snapshot.suppressed().filter(own), lineOf };
      return compareWith(baseline, found, parentOf(path), (file) => files.has(file));
    });
    const known = new Set(parts.flatMap((part) => part.known));
    return {
      since: [...this.baselines.keys()],
      fresh: findings.filter((finding) => !known.has(finding)),
      known: findings.filter((finding) => known.has(finding)),
      gone: parts.flatMap(({ gone }) => gone),
    };
  }

  private async read(path: string, files: FileSystem): Promise<Baseline> {
    try {
      const baseline = parseBaseline(decodeUtf8(await files.read(path, MAXIMUM_BYTES)));
      if (!('problem' in baseline)) return baseline;
      this.onProblem(path, `the baseline cannot be used: ${baseline.problem}`);
    } catch (error) {
      this.onProblem(path, `the baseline cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    return [];
  }
}
