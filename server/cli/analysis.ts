// The analysis of a run: gathers its files, lowers and analyses them, and says what is found as each file's configuration wants it.
import type { FrontEnd } from '../lower/front-end';
import { createLibrary, parseUserModels, shippedEntries } from '../lower/library';
import type { ApiEntry } from '../model/library';
import type { Language } from '../model/module';
import type { Found } from '../report/baseline';
import type { ReportedFinding } from '../report/reported-finding';
import { lineReader } from '../report/source-text';
import type { WorkspaceReport } from '../report/workspace-report';
import { combineConfigurations, configureFinding } from '../workspace/configuration';
import type { ConfigurationProblem } from '../workspace/configuration-file';
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

/** Finds and reads the files, and tells what is wrong with their configuration. */
export async function gatherAndTell(options: RunOptions): Promise<Input> {
  options.onProgress('looking for files');
  const gathered = await gather(options.paths, options);
  for (const problem of gathered.problems) options.onProblem(problem);
  return { ...gathered, entries: userEntries(gathered, options) };
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

/** What a finding is under the configuration of its own file: one finding, or none. */
export function configuring(engine: Engine, { files }: Gathered, combined: Configuration): (finding: ReportedFinding) => readonly ReportedFinding[] {
  const own = new Map(files.map((file) => [file.file, file.configuration]));
  return (finding) => {
    const configured = configureFinding(finding, own.get(finding.file) ?? combined, combined, engine.defaultOf);
    return configured ? [configured] : [];
  };
}

/** What is found in a snapshot, as each file's own configuration wants it. */
export function foundIn(snapshot: Snapshot, configured: (finding: ReportedFinding) => readonly ReportedFinding[]): Found & Pick<WorkspaceReport, 'suppressed'> {
  return {
    findings: snapshot.findings().flatMap(configured),
    suppressed: snapshot.suppressed().filter((finding) => configured(finding).length > 0),
    lineOf: lineReader((file) => snapshot.text(file)),
  };
}

/** What was left out, each once. */
export function mergeSkipped(...lists: readonly WorkspaceReport['skipped'][]): WorkspaceReport['skipped'] {
  const merged = new Map(lists.flat().map((each) => [`${each.file}\n${each.reason}`, each]));
  return [...merged.values()];
}

/** The APIs that the users' own configuration describes; what is wrong in them is told. */
function userEntries(gathered: Gathered, options: RunOptions): readonly ApiEntry[] {
  return gathered.models.flatMap(({ file, models }) => {
    const read = parseUserModels({ api: models }, file);
    for (const problem of read.problems) options.onProblem({ file, line: 0, column: 0, message: problem });
    return read.entries;
  });
}
