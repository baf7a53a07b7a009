// The engine's snapshots. Findings, texts and models are those of the snapshot's moment; report, explanation, names and annotations
// are computed when asked for, from the engine's newest state, since keeping every state would cost more than it is worth.
import { annotateGuard } from '../fixes/annotate-guard';
import type { FixContext } from '../fixes/fix';
import type { Module } from '../model/module';
import { buildReport } from '../report/build-report';
import { explainLine } from '../report/explain-line';
import type { HoverSubject } from '../report/hover';
import { type Known, locateKnown } from '../report/known';
import { knownBy, knownOf } from '../report/known-of';
import { reportEdits } from '../report/report-finding';
import type { ReportedEdit, ReportedFinding, SuppressedFinding } from '../report/reported-finding';
import { type SourceText, sourceTexts } from '../report/source-text';
import type { ReportLocation, WorkspaceReport } from '../report/workspace-report';
import type { Facts } from '../summary/facts';
import type { ModuleInterface } from '../summary/module-interface';
import type { Program } from '../summary/program';
import { subjectAt } from '../summary/subject-at';
import type { Snapshot, WorkCount } from './snapshot';

/** What snapshots look at of the engine that makes them. */
export interface EngineState {
  readonly program: Program;
  readonly facts: Facts;
  readonly texts: ReadonlyMap<string, string>;
  readonly skipped: ReadonlyMap<string, string>;
  readonly faults: readonly string[];
  /** What fixes are made from, as the texts are now. */
  fixContext(): FixContext;
}

export class EngineSnapshot implements Snapshot {
  private readonly texts: ReadonlyMap<string, string>;
  private readonly modules: ReadonlyMap<string, ModuleInterface>;
  readonly skipped: WorkspaceReport['skipped'];

  constructor(
    private readonly engine: EngineState,
    readonly version: number,
    private readonly reported: ReadonlyMap<string, readonly ReportedFinding[]>,
    private readonly accepted: ReadonlyMap<string, readonly SuppressedFinding[]>,
    readonly changedFiles: readonly string[],
    readonly work: Readonly<WorkCount>,
  ) {
    this.texts = new Map(engine.texts);
    this.modules = new Map(engine.program.modules);
    const reasons = [...engine.skipped].map(([file, reason]) => ({ file, reason }));
    this.skipped = [...reasons, ...engine.faults.map((reason) => ({ file: '', reason }))];
  }

  get files(): readonly string[] {
    return [...this.modules.keys()];
  }

  findings(file?: string): readonly ReportedFinding[] {
    if (file !== undefined) return this.reported.get(file) ?? [];
    return [...this.reported.keys()].sort().flatMap((key) => this.reported.get(key)!);
  }

  suppressed(): readonly SuppressedFinding[] {
    return [...this.accepted.keys()].sort().flatMap((key) => this.accepted.get(key)!);
  }

  report(): WorkspaceReport {
    const told = { findings: this.findings(), suppressed: this.suppressed(), skipped: this.skipped };
    return buildReport({ facts: this.engine.facts, sourceOf: this.sources() }, told);
  }

  explain(file: string, line: number): string {
    return explainLine(this.engine.facts, file, line, this.sources()(file));
  }

  text(file: string): string | undefined {
    return this.texts.get(file);
  }

  module(file: string): Module | undefined {
    return this.modules.get(file)?.module;
  }

  annotation(file: string, offset: number): { title: string; edits: readonly ReportedEdit[] } | undefined {
    const plan = annotateGuard(file, offset, this.engine.facts, this.engine.fixContext());
    return plan && { title: plan.title, edits: reportEdits(plan, this.sources()) };
  }

  subjectAt(file: string, offset: number): HoverSubject | undefined {
    const { program, facts, texts } = this.engine;
    const text = texts.get(file);
    const subject = text === undefined ? undefined : subjectAt(program, file, text, offset);
    if (!subject) return undefined;
    const { start, end, api } = subject;
    const sources = this.sources();
    return { start, end, ...(api === undefined ? {} : { api }), known: knownOf(subject, facts).map((known) => locateKnown(known, facts, sources)) };
  }

  known(id: string): Known<ReportLocation> | undefined {
    const { facts } = this.engine;
    const known = knownBy(id, facts);
    return known && locateKnown(known, facts, this.sources());
  }

  private sources(): (file: string) => SourceText {
    return sourceTexts((file) => this.engine.texts.get(file));
  }
}
