// One run of the analysis over paths: gathers, answers from the cache when nothing changed, analyses otherwise.
import type { FrontEnd } from '../lower/front-end';
import { createLibrary, parseUserModels, shippedEntries } from '../lower/library';
import type { ApiEntry } from '../model/library';
import type { Language } from '../model/module';
import { type Baseline, baselineOf, type Found } from '../report/baseline';
import { withFindings } from '../report/build-report';
import type { ReportedFinding, ReportedFix, SuppressedFinding } from '../report/reported-finding';
import { lineReader } from '../report/source-text';
import type { WorkspaceReport } from '../report/workspace-report';
import { combineConfigurations, configureFinding } from '../workspace/configuration';
import type { ConfigurationProblem } from '../workspace/configuration-file';
import { type Repair, repair } from '../workspace/proven-fixes';
import type { Configuration, Snapshot, Workspace } from '../workspace/snapshot';
import type { DiskCache } from './disk-cache';
import type { Engine } from './engine';
import { type Gathered, type GatherOptions, gather, type SourceFile } from './gather';
import { lowerAll } from './lowering';
import type { Terminal } from './terminal';

export interface RunOptions extends GatherOptions {
  /** Absolute, forward slashes. */
  readonly paths: readonly string[];
  readonly cache?: DiskCache;
  /** What some files were before, those that were not there without a text; asked for the files of the run. */
  readonly earlier?: (files: readonly SourceFile[]) => Promise<ReadonlyMap<string, string | undefined>>;
  readonly onProgress: Terminal['progress'];
  readonly onProblem: (problem: ConfigurationProblem) => void;
}

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

/** What is found in a snapshot, as each file's own configuration wants it. */
export function foundIn(snapshot: Snapshot, configured: (finding: ReportedFinding) => readonly ReportedFinding[]): Found & Pick<WorkspaceReport, 'suppressed'> {
  return {
    findings: snapshot.findings().flatMap(configured),
    suppressed: snapshot.suppressed().filter((finding) => configured(finding).length > 0),
    lineOf: lineReader((file) => snapshot.text(file)),
  };
}

/** Analyses the paths and gives the snapshot, for questions that a report does not answer. */
export async function runToSnapshot(engine: Engine, options: RunOptions): Promise<Snapshot> {
  return (await analyse(engine, await gatherAndTell(options), options)).snapshot;
}

/** Finds and reads the files, and tells what is wrong with their configuration. */
export async function gatherAndTell(options: RunOptions): Promise<Input> {
  options.onProgress('looking for files');
  const gathered = await gather(options.paths, options);
  for (const problem of gathered.problems) options.onProblem(problem);
  return { ...gathered, entries: userEntries(gathered, options) };
}

/** What a finding is under the configuration of its own file: one finding, or none. */
export function configuring(engine: Engine, { files }: Gathered, combined: Configuration): (finding: ReportedFinding) => readonly ReportedFinding[] {
  const own = new Map(files.map((file) => [file.file, file.configuration]));
  return (finding) => {
    const configured = configureFinding(finding, own.get(finding.file) ?? combined, combined, engine.defaultOf);
    return configured ? [configured] : [];
  };
}

/** What a run works on. */
export interface Input extends Gathered {
  readonly entries: readonly ApiEntry[];
}

export interface Analysed {
  readonly workspace: Workspace;
  readonly snapshot: Snapshot;
  readonly combined: Configuration;
  readonly failed: readonly { readonly file: string; readonly reason: string }[];
}

/** Lowers and analyses all files, for the first time. */
export async function analyse(engine: Engine, gathered: Input, options: RunOptions): Promise<Analysed> {
  const { files } = gathered;
  const frontEnds = new Map<Language, FrontEnd>();
  for (const language of new Set(files.map((file) => file.language))) frontEnds.set(language, await engine.loadFrontEnd(language));
  const onProgress = (done: number, total: number) => options.onProgress('reading files', done, total);
  const { modules, failed } = await lowerAll(files, frontEnds, { engine, cache: options.cache, onProgress });
  options.onProgress(`analysing ${files.length} files`);
  const workspace = engine.createWorkspace(createLibrary(shippedEntries, gathered.entries));
  for (const frontEnd of frontEnds.values()) workspace.provide(frontEnd);
  const combined = combineConfigurations([...new Set(files.map((file) => file.configuration))]);
  workspace.configure(combined);
  // A file that could not be lowered stays out: trying again here would fail the whole run.
  const given = files.filter((file) => modules.has(file.file));
  workspace.change(given.map(({ file, text, exempt }) => ({ file, text, exempt, module: modules.get(file) })));
  const snapshot = workspace.analyse();
  options.onProgress('');
  return { workspace, snapshot, combined, failed };
}

/** The APIs that the users' own configuration describes; what is wrong in them is told. */
function userEntries(gathered: Gathered, options: RunOptions): readonly ApiEntry[] {
  return gathered.models.flatMap(({ file, models }) => {
    const read = parseUserModels({ api: models }, file);
    for (const problem of read.problems) options.onProblem({ file, line: 0, column: 0, message: problem });
    return read.entries;
  });
}

/** Everything that the outcome depends on, beside the analysis itself. */
function keyOfRun({ files, skipped, models }: Gathered): unknown {
  const configurations = [...new Set(files.map((file) => file.configuration))];
  const line = ({ file, hash, exempt, configuration }: SourceFile) => [file, hash, exempt, configurations.indexOf(configuration)];
  return [files.map(line), skipped, configurations, models];
}

/** What was left out, each once. */
export function mergeSkipped(...lists: readonly WorkspaceReport['skipped'][]): WorkspaceReport['skipped'] {
  const merged = new Map(lists.flat().map((each) => [`${each.file}\n${each.reason}`, each]));
  return [...merged.values()];
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
