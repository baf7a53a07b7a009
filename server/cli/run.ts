// One run of the analysis over paths: gathers, answers from the cache when nothing changed, analyses otherwise.
import type { FrontEnd } from '../lower/front-end';
import { createLibrary, parseUserModels, shippedEntries } from '../lower/library';
import type { ApiEntry } from '../model/library';
import type { Language } from '../model/module';
import { withFindings } from '../report/build-report';
import type { ReportedFinding, ReportedFix } from '../report/reported-finding';
import type { WorkspaceReport } from '../report/workspace-report';
import { combineConfigurations, configureFinding, type ResolverOptions } from '../workspace/configuration';
import type { ConfigurationProblem } from '../workspace/configuration-file';
import { type Repair, repair } from '../workspace/proven-fixes';
import type { Configuration, Snapshot, Workspace } from '../workspace/snapshot';
import type { DiskCache } from './disk-cache';
import type { Engine } from './engine';
import { type Gathered, gather, type SourceFile } from './gather';
import { lowerAll } from './lowering';

export interface RunOptions extends ResolverOptions {
  /** Absolute, forward slashes. */
  readonly paths: readonly string[];
  readonly cache?: DiskCache;
  readonly onProgress: (line: string) => void;
  readonly onProblem: (problem: ConfigurationProblem) => void;
}

export interface Outcome {
  /** With what was skipped while gathering, and findings as each file's own configuration wants them. */
  readonly report: WorkspaceReport;
  /** How many files were analysed. */
  readonly files: number;
  /** How many tests and the like were left out. */
  readonly exempt: number;
  readonly sourceOf: (file: string) => string | undefined;
}

export interface RepairOutcome {
  /** What is found in the repaired texts, as each file's own configuration wants it. */
  readonly findings: readonly ReportedFinding[];
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
  const texts = new Map(files.map((file) => [file.file, file.text]));
  const outcome = (report: WorkspaceReport): Outcome => ({ report, files: files.length, exempt, sourceOf: (file) => texts.get(file) });
  const key = options.cache?.keyOf('run', JSON.stringify(keyOfRun(gathered)));
  const known = key === undefined ? undefined : parseReport(options.cache?.read(key));
  if (known) return outcome(known);

  const { snapshot, combined, failed } = await analyse(engine, gathered, options);
  const report = snapshot.report();
  const configured = configuring(engine, gathered, combined);
  const findings = report.findings.flatMap(configured);
  const suppressed = report.suppressed.filter((finding) => configured(finding).length > 0);
  const skipped = mergeSkipped(gathered.skipped, failed, report.skipped);
  const complete = withFindings({ ...report, counts: { ...report.counts, leftOut: exempt } }, { findings, suppressed, skipped });
  if (key !== undefined && failed.length === 0) options.cache?.write(key, JSON.stringify(complete));
  return outcome(complete);
}

/** Analyses the paths and gives the snapshot, for questions that a report does not answer. */
export async function runToSnapshot(engine: Engine, options: RunOptions): Promise<Snapshot> {
  return (await analyse(engine, await gatherAndTell(options), options)).snapshot;
}

async function gatherAndTell(options: RunOptions): Promise<Input> {
  options.onProgress('looking for files');
  const gathered = await gather(options.paths, options);
  for (const problem of gathered.problems) options.onProblem(problem);
  return { ...gathered, entries: userEntries(gathered, options) };
}

/** What a finding is under the configuration of its own file: one finding, or none. */
function configuring(engine: Engine, { files }: Gathered, combined: Configuration): (finding: ReportedFinding) => readonly ReportedFinding[] {
  const own = new Map(files.map((file) => [file.file, file.configuration]));
  return (finding) => {
    const configured = configureFinding(finding, own.get(finding.file) ?? combined, combined, engine.defaultOf);
    return configured ? [configured] : [];
  };
}

interface Input extends Gathered {
  readonly entries: readonly ApiEntry[];
}

interface Analysed {
  readonly workspace: Workspace;
  readonly snapshot: Snapshot;
  readonly combined: Configuration;
  readonly failed: readonly { readonly file: string; readonly reason: string }[];
}

async function analyse(engine: Engine, gathered: Input, options: RunOptions): Promise<Analysed> {
  const { files } = gathered;
  const frontEnds = new Map<Language, FrontEnd>();
  for (const language of new Set(files.map((file) => file.language))) frontEnds.set(language, await engine.loadFrontEnd(language));
  const progress = (done: number, total: number) => {
    if (done % 20 === 0) options.onProgress(`reading ${done} of ${total} files`);
  };
  const { modules, failed } = await lowerAll(files, frontEnds, { engine, cache: options.cache, onProgress: progress });
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

function mergeSkipped(...lists: readonly WorkspaceReport['skipped'][]): WorkspaceReport['skipped'] {
  const merged = new Map(lists.flat().map((each) => [`${each.file}\n${each.reason}`, each]));
  return [...merged.values()];
}

const LISTS: readonly (keyof WorkspaceReport)[] = ['roots', 'shared', 'locks', 'order', 'cycles', 'findings', 'suppressed', 'skipped'];

/** A report out of the cache; undefined when it is not one. */
function parseReport(text: string | undefined): WorkspaceReport | undefined {
  if (text === undefined) return undefined;
  try {
    const report = JSON.parse(text) as WorkspaceReport;
    return typeof report.counts?.files === 'number' && LISTS.every((list) => Array.isArray(report[list])) ? report : undefined;
  } catch {
    return undefined;
  }
}
