// The engine's snapshots. Findings are those of the snapshot's moment; report and explanation speak of the newest state.
import type { Module } from '../model/module';
import { buildReport } from '../report/build-report';
import { explainLine } from '../report/explain-line';
import type { ReportedFinding } from '../report/reported-finding';
import { sourceTexts } from '../report/source-text';
import type { WorkspaceReport } from '../report/workspace-report';
import { apiAt } from '../summary/api-at';
import type { Engine } from './engine';
import type { Snapshot, WorkCount } from './snapshot';

export class EngineSnapshot implements Snapshot {
  constructor(
    private readonly engine: Engine,
    readonly version: number,
    private readonly reported: ReadonlyMap<string, readonly ReportedFinding[]>,
    readonly changedFiles: readonly string[],
    readonly work: Readonly<WorkCount>,
  ) {}

  get files(): readonly string[] {
    return [...this.engine.program.modules.keys()];
  }

  findings(file?: string): readonly ReportedFinding[] {
    if (file !== undefined) return this.reported.get(file) ?? [];
    return [...this.reported.keys()].sort().flatMap((key) => this.reported.get(key)!);
  }

  report(): WorkspaceReport {
    const { facts, texts, skipped, faults } = this.engine;
    const reasons = [...skipped].map(([file, reason]) => ({ file, reason }));
    return buildReport({ facts, sourceOf: sourceTexts((file) => texts.get(file)), findings: this.findings(), skipped: [...reasons, ...faults.map((reason) => ({ file: '', reason }))] });
  }

  explain(file: string, line: number): string {
    return explainLine(this.engine.facts, file, line, sourceTexts((name) => this.engine.texts.get(name))(file));
  }

  text(file: string): string | undefined {
    return this.engine.texts.get(file);
  }

  module(file: string): Module | undefined {
    return this.engine.program.modules.get(file)?.module;
  }

  apiAt(file: string, offset: number): { readonly name: string; readonly start: number; readonly end: number } | undefined {
    const text = this.engine.texts.get(file);
    return text === undefined ? undefined : apiAt(this.engine.program, file, text, offset);
  }
}
