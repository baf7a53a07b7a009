// One run of the analysis over paths: gathers, answers from the cache when nothing changed, analyses otherwise.
import { type Baseline, baselineOf } from '../report/baseline';
import { withFindings } from '../report/build-report';
import type { ReportedFinding, ReportedFix, SuppressedFinding } from '../report/reported-finding';
import type { WorkspaceReport } from '../report/workspace-report';
import { type Repair, repair } from '../workspace/proven-fixes';
import type { Snapshot } from '../workspace/snapshot';
import { analyse, configuring, foundIn, gatherAndTell, mergeSkipped, type RunOptions } from './analysis';
import type { Engine } from './engine';
import type { Gathered, SourceFile } from './gather';

export interface Outcome {
  /** With what was skipped while gathering, and findings as each file's own configuration wants them. */
  readonly report: WorkspaceReport;
  /** The files that were read. */
  readonly files: readonly SourceFile[];
  /** How many tests and the like were left out. */
  readonly exempt: number;
  /** What was found in the earlier texts, with absolute paths, where they were asked for. */
  readonly before?: Baseline;
}

export interface RepairOutcome {
  /** What is found in the repaired texts, as each file's own configuration wants it. */
  readonly findings: readonly ReportedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly skipped: WorkspaceReport['skipped'];
  readonly repair: Repair;
  /** The files as they were read. */
  readonly files: readonly SourceFile[];
  readonly exempt: number;
}

/** Analyses the paths and applies in thought every fix that is wanted and proven; findings that a configuration hides stay. */
export async function runAndRepair(
  engine: Engine,
  options: RunOptions,
  wants: (finding: ReportedFinding, fix: ReportedFix) => boolean,
): Promise<RepairOutcome> {
  const gathered = await gatherAndTell(options);
  const { workspace, snapshot, combined, failed } = await analyse(engine, gathered, options);
  const configured = configuring(engine, gathered, combined);
  options.onProgress('proving fixes');
  const found = repair(workspace, snapshot, (finding, fix) => configured(finding).some((each) => wants(each, fix)));
  options.onProgress('');
  return {
    findings: found.left.flatMap(configured),
    suppressed: found.suppressed.filter((finding) => configured(finding).length > 0),
    skipped: mergeSkipped(gathered.skipped, failed, snapshot.skipped),
    repair: found,
    files: gathered.files,
    exempt: gathered.exempt,
  };
}

/** Analyses the paths, or finds that it did so before. */
export async function run(engine: Engine, options: RunOptions): Promise<Outcome> {
  const gathered = await gatherAndTell(options);
  const { files, exempt } = gathered;
  const earlier = await options.earlier?.(files);
  const key = options.cache?.keyOf('run', JSON.stringify(keyOfRun(gathered)), JSON.stringify(earlier ? [...earlier] : 0));
  const known = key === undefined ? undefined : parseResult(options.cache?.read(key));
  if (known) return { ...known, files, exempt };

  const { workspace, snapshot, combined, failed } = await analyse(engine, gathered, options);
  const report = snapshot.report();
  const configured = configuring(engine, gathered, combined);
  const findings = report.findings.flatMap(configured);
  const suppressed = report.suppressed.filter((finding) => configured(finding).length > 0);
  const skipped = mergeSkipped(gathered.skipped, failed, report.skipped);
  const complete = withFindings({ ...report, counts: { ...report.counts, leftOut: exempt } }, { findings, suppressed, skipped });
  const before = earlier && workspace.whatIf((suppose) => baselineOf(foundIn(suppose(earlier), configured), ''));
  const result: Result = { report: complete, ...(before && { before }) };
  if (key !== undefined && failed.length === 0) options.cache?.write(key, JSON.stringify(result));
  return { ...result, files, exempt };
}

/** Analyses the paths and gives the snapshot, for questions that a report does not answer. */
export async function runToSnapshot(engine: Engine, options: RunOptions): Promise<Snapshot> {
  return (await analyse(engine, await gatherAndTell(options), options)).snapshot;
}

/** Everything that the outcome depends on, beside the analysis itself. */
function keyOfRun({ files, skipped, models }: Gathered): unknown {
  const configurations = [...new Set(files.map((file) => file.configuration))];
  const line = ({ file, hash, exempt, configuration }: SourceFile) => [file, hash, exempt, configurations.indexOf(configuration)];
  return [files.map(line), skipped, configurations, models];
}

const LISTS: readonly (keyof WorkspaceReport)[] = ['roots', 'shared', 'locks', 'order', 'cycles', 'findings', 'suppressed', 'skipped'];

type Result = Pick<Outcome, 'report' | 'before'>;

/** A result out of the cache; undefined when it is not one. */
function parseResult(text: string | undefined): Result | undefined {
  if (text === undefined) return undefined;
  try {
    const result = JSON.parse(text) as Result;
    return typeof result.report.counts.files === 'number' && LISTS.every((list) => Array.isArray(result.report[list])) ? result : undefined;
  } catch {
    return undefined;
  }
}
