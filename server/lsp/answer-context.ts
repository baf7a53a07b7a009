// What answers of the analysis side are made of, and which findings are told at all.
import type { Library } from '../model/library';
import type { HoverKind } from '../report/hover';
import type { ReportedFinding } from '../report/reported-finding';
import type { Cancellation, Snapshot, Workspace } from '../workspace/snapshot';
import type { Engine } from './engine';
import type { HostConfiguration } from './host-configuration';
import { isNotebookId } from './uris';
import type { WorkspaceFiles } from './workspace-files';

/** What answers are made of. */
export interface AnswerContext {
  readonly engine: Engine;
  /** Where the files are that ship with the extension. */
  readonly assets: string;
  readonly library: Library;
  readonly configuration: HostConfiguration;
  readonly files: WorkspaceFiles;
  readonly folders: readonly string[];
  readonly withCommands: boolean;
  readonly hoverKinds: ReadonlySet<HoverKind>;
  readonly workspace: Workspace;
  /** Whether long work should stop, to be done again later. */
  readonly cancellation: Cancellation;
}

/** Rules about modules that are imported again in a child process, which a notebook never is. */
const NOT_IN_NOTEBOOKS = new Set(['missing-main-guard', 'start-method-set-at-import']);

/** What of a snapshot's findings is told, and how loud: what no baseline knows. */
export function reported(
  context: Pick<AnswerContext, 'engine' | 'configuration'>,
  findings: readonly ReportedFinding[],
  snapshot: Snapshot,
): readonly ReportedFinding[] {
  const { known } = context.configuration.known.in(snapshot);
  return configured(
    context,
    findings.filter((finding) => !known.has(finding)),
  );
}

/** The same with what baselines know. */
export function configured(
  { engine, configuration }: Pick<AnswerContext, 'engine' | 'configuration'>,
  findings: readonly ReportedFinding[],
): readonly ReportedFinding[] {
  const meant = findings.filter(({ file, rule }) => !NOT_IN_NOTEBOOKS.has(rule) || !isNotebookId(file));
  return configuration.apply(meant, (rule) => engine.defaultSeverity(rule));
}
