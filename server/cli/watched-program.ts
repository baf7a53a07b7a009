// A program that is watched: its analysis is kept, and only what has changed is done again.
import type { Language } from '../model/module';
import { combineConfigurations } from '../workspace/configuration';
import type { FileChange, Workspace } from '../workspace/snapshot';
import { type Analysed, analyse, configuring, foundIn, gatherAndTell, type Input, mergeSkipped, type RunOptions } from './analysis';
import type { CheckResult } from './conclude-check';
import type { Engine } from './engine';
import { readSource, type SourceFile } from './gather';

export class WatchedProgram {
  private input: Input | undefined;
  private workspace: Workspace | undefined;
  private failed: Analysed['failed'] = [];
  private readonly languages = new Set<Language>();

  constructor(
    private readonly engine: Engine,
    private readonly options: RunOptions,
  ) {}

  /** Analyses everything from scratch, under the configuration as it is now. */
  async start(): Promise<CheckResult> {
    this.input = await gatherAndTell(this.options);
    const { workspace, failed } = await analyse(this.engine, this.input, this.options);
    this.workspace = workspace;
    this.failed = failed;
    for (const { language } of this.input.files) this.languages.add(language);
    return this.result(workspace, this.input);
  }

  /** Brings the analysis up to date. `edited`: the files that have another text, where that is all that has happened. */
  async update(edited?: ReadonlySet<string>): Promise<CheckResult> {
    const { input: before, workspace } = this;
    if (!before || !workspace) return this.start();
    const input = (edited && reread(before, edited)) ?? (await gatherAndTell(this.options));
    const old = new Map(before.files.map((file) => [file.file, file]));
    const changes: FileChange[] = [];
    for (const { file, text, hash, exempt, language } of input.files) {
      const known = old.get(file);
      old.delete(file);
      if (known?.hash === hash && known.exempt === exempt) continue;
      changes.push({ file, text, exempt });
      if (this.languages.has(language)) continue;
      this.languages.add(language);
      workspace.provide(await this.engine.loadFrontEnd(language));
    }
    for (const file of old.keys()) changes.push({ file, text: undefined });
    this.input = input;
    this.failed = this.failed.filter(({ file }) => !changes.some((change) => change.file === file));
    workspace.change(changes);
    return this.result(workspace, input);
  }

  private result(workspace: Workspace, input: Input): CheckResult {
    const snapshot = workspace.analyse();
    const combined = combineConfigurations([...new Set(input.files.map(({ configuration }) => configuration))]);
    return {
      ...foundIn(snapshot, configuring(this.engine, input, combined)),
      files: input.files,
      exempt: input.exempt,
      skipped: mergeSkipped(input.skipped, this.failed, snapshot.skipped),
    };
  }
}

/** The same files with those read again that were edited; undefined where that does not do. */
function reread(input: Input, edited: ReadonlySet<string>): Input | undefined {
  if (input.files.filter(({ file }) => edited.has(file)).length < edited.size) return undefined;
  const files: SourceFile[] = [];
  for (const each of input.files) {
    const outcome = edited.has(each.file) ? readSource(each.file, each.language) : undefined;
    if (outcome && (!('text' in outcome) || outcome.problem !== undefined || outcome.generated)) return undefined;
    files.push(outcome && 'text' in outcome ? { ...each, text: outcome.text, hash: outcome.hash } : each);
  }
  return { ...input, files };
}
