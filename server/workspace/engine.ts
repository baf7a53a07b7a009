// The engine: keeps the analysis of a workspace up to date, from changed texts to findings.
import { fixContext } from '../fixes/context';
import type { FixContext } from '../fixes/fix';
import type { FrontEnd } from '../lower/front-end';
import type { Library } from '../model/library';
import type { Language, Module } from '../model/module';
import { reportFinding } from '../report/report-finding';
import type { ReportedFinding, SuppressedFinding } from '../report/reported-finding';
import { sourceTexts } from '../report/source-text';
import { suppressionsOf } from '../report/suppressions';
import type { Finding } from '../rules/finding';
import { RULES } from '../rules/registry';
import type { Condition, Rule } from '../rules/rule';
import { Facts, type Touched } from '../summary/facts';
import { groupBy, innerMap } from '../summary/grouping';
import { fileOfKey } from '../summary/keys';
import { Program, type ProgramChange } from '../summary/program';
import { Answers, primaryFiles } from './answers';
import { EngineSnapshot } from './engine-snapshot';
import { languageOf } from './languages';
import {
  type Cancellation,
  Cancelled,
  type Configuration,
  DEFAULT_CONFIGURATION,
  type FileChange,
  type Progress,
  type Snapshot,
  type Suppose,
  type WorkCount,
  type Workspace,
} from './snapshot';

/** More faults than this say nothing new. */
const MOST_FAULTS = 100;

export class Engine implements Workspace {
  readonly program: Program;
  readonly facts: Facts;
  readonly texts = new Map<string, string>();
  readonly skipped = new Map<string, string>();
  /** What went wrong inside: a rule that threw, an invariant that broke. Told in the report, never thrown at people. */
  readonly faults: string[] = [];
  version = 0;
  private readonly frontEnds = new Map<Language, FrontEnd>();
  private readonly pending = new Map<string, FileChange>();
  /** Lowered, but not yet taken into the program. */
  private readonly lowered = new Map<string, Module | undefined>();
  private readonly exempt = new Set<string>();
  private readonly editing = new Set<string>();
  private readonly answers = new Answers();
  private reported: ReadonlyMap<string, readonly ReportedFinding[]> = new Map();
  /** Findings that comments accept. */
  private accepted: ReadonlyMap<string, readonly SuppressedFinding[]> = new Map();
  /** The rules rest on something that has changed for all subjects. */
  private askAll = false;
  /** What the last snapshot showed. */
  private shown: ReadonlyMap<string, readonly ReportedFinding[]> = new Map();
  /** The configuration has changed since the last snapshot. */
  private stale = false;
  private work: WorkCount = noWork();

  constructor(
    library: Library,
    private configuration: Configuration = DEFAULT_CONFIGURATION,
  ) {
    this.program = new Program(library, (message) => this.note(message));
    this.facts = new Facts(this.program);
    this.facts.interpreter = configuration.interpreter;
  }

  provide(frontEnd: FrontEnd): void {
    this.frontEnds.set(frontEnd.language, frontEnd);
  }

  change(changes: readonly FileChange[]): void {
    for (const change of changes) {
      this.pending.delete(change.file);
      this.pending.set(change.file, change);
    }
  }

  configure(configuration: Configuration): void {
    if (configuration.interpreter !== this.facts.interpreter) this.askAll = true;
    this.facts.interpreter = configuration.interpreter;
    this.configuration = configuration;
    this.stale = true;
  }

  analyse(cancellation?: Cancellation, progress?: Progress): Snapshot {
    this.lowerPending(cancellation, progress);
    const files = new Set(this.lowered.keys());
    const change = this.program.update(this.lowered);
    this.lowered.clear();
    const changed = this.facts.update(change);
    const touched = this.askAll ? this.facts.everything() : changed;
    this.askAll = false;
    this.report(files, this.ask(touched));
    this.count(change);
    const snapshot = this.snapshot(files);
    this.work = noWork();
    return snapshot;
  }

  whatIf<T>(ask: (suppose: Suppose) => T, cancellation?: Cancellation): T {
    const { shown, version } = this;
    const before = new Map<string, FileChange>();
    try {
      return ask((texts) => {
        for (const [file, text] of texts) {
          const change = { file, text: this.texts.get(file), editing: this.editing.has(file), exempt: this.exempt.has(file) };
          if (!before.has(file)) before.set(file, { ...change, module: this.program.modules.get(file)?.module });
          this.change([{ ...change, text }]);
        }
        return this.analyse(cancellation);
      });
    } finally {
      this.change([...before.values()]);
      this.analyse();
      this.shown = shown;
      this.version = version;
    }
  }

  /** Turns changed texts into models; a cancellation leaves the rest for the next call. */
  private lowerPending(cancellation?: Cancellation, progress?: Progress): void {
    const total = this.pending.size;
    let done = 0;
    for (const [file, change] of this.pending) {
      if (cancellation?.isCancelled()) throw new Cancelled();
      this.lowered.set(file, this.lower(change));
      this.pending.delete(file);
      progress?.(++done, total);
    }
  }

  private lower(change: FileChange): Module | undefined {
    const { file, text } = change;
    this.skipped.delete(file);
    const language = languageOf(file);
    const frontEnd = language && this.frontEnds.get(language);
    if (text === undefined) {
      this.texts.delete(file);
      this.exempt.delete(file);
      this.editing.delete(file);
      frontEnd?.forget(file);
      return undefined;
    }
    this.texts.set(file, text);
    if (change.exempt) this.exempt.add(file);
    else this.exempt.delete(file);
    if (change.editing) this.editing.add(file);
    else this.editing.delete(file);
    if (!frontEnd && !change.module) {
      this.skipped.set(file, language ? `no parser for ${language}` : 'not a language that Lockset reads');
      return undefined;
    }
    this.work.lowered++;
    const module = change.module ?? frontEnd!.lower(file, text, change.editing);
    if (module.functions[0].operations.length === 0 && module.functions.length === 1 && module.problems.length > 0)
      this.skipped.set(file, module.problems[0].message);
    return module;
  }

  /** Asks the rules about every subject that the change concerns; gives the files whose findings that may change. */
  private ask(touched: Touched): Set<string> {
    const files = new Set<string>();
    const mentioning = groupBy(this.answers.mentioning(touched.function), (answer) => answer.rule);
    const ask = (rule: Rule, subject: string) => {
      this.work.checked++;
      for (const file of this.answers.replace(rule, subject, this.check(rule, subject))) files.add(file);
    };
    const languageOf = (subject: string) => this.facts.languageOf(fileOfKey(subject));
    const subjects = {
      cell: groupBy(touched.cell, languageOf),
      cycle: groupBy(touched.cycle, () => undefined),
      lock: groupBy(touched.lock, () => undefined),
      function: groupBy(touched.function, languageOf),
      module: groupBy(touched.module, (file) => this.facts.languageOf(file)),
    };
    const narrowed = new Map<readonly string[], Map<Condition, Narrowed>>();
    for (const rule of RULES) {
      for (const [language, keys] of subjects[rule.subject]) {
        if (language && !rule.languages.includes(language)) continue;
        // What is gone has no language, and may have answers that have to go too.
        if (!rule.when || !language) {
          for (const key of keys) ask(rule, key);
          continue;
        }
        const conditions = innerMap(narrowed, keys);
        const { met, unmet } = conditions.get(rule.when) ?? this.narrow(keys, rule.when);
        conditions.set(rule.when, { met, unmet });
        for (const key of met) ask(rule, key);
        for (const file of this.answers.drop(rule, unmet)) files.add(file);
      }
      for (const { subject } of mentioning.get(rule) ?? []) if (!touched[rule.subject].has(subject)) ask(rule, subject);
    }
    return files;
  }

  /** The subjects for which a condition holds, or cannot be told, and the others. */
  private narrow(subjects: readonly string[], condition: Condition): Narrowed {
    const found: Narrowed = { met: [], unmet: [] };
    for (const subject of subjects) {
      let holds = true;
      try {
        holds = condition(subject, this.facts);
      } catch {
        // The rules that are asked then will tell what is wrong.
      }
      (holds ? found.met : found.unmet).push(subject);
    }
    return found;
  }

  /** A rule that throws costs its findings on this one subject, and is told. */
  private check(rule: Rule, subject: string): readonly Finding[] {
    try {
      // Nearly always there is nothing.
      let found: Finding[] | undefined;
      for (const finding of rule.check(subject, this.facts)) if (this.speaksHere(rule, finding)) (found ??= []).push(finding);
      return found ?? NO_FINDINGS;
    } catch (error) {
      this.note(`rule ${rule.id} failed on ${subject}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  }

  private note(fault: string): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push(fault);
  }

  private speaksHere(rule: Rule, finding: Finding): boolean {
    const language = this.facts.languageOf(fileOfKey(finding.site.function));
    return language !== undefined && rule.languages.includes(language);
  }

  /** Renders the findings of the files that changed, of those whose traces lead there, and of those with new answers. */
  private report(changed: ReadonlySet<string>, answered: ReadonlySet<string>): void {
    const files = new Set([...changed, ...answered]);
    for (const file of changed) for (const answer of this.answers.ofFile(file)) for (const other of primaryFiles(answer)) files.add(other);
    if (this.stale) for (const file of this.answers.files()) files.add(file);
    this.stale = false;
    if (files.size === 0) return;
    const reported = new Map(this.reported);
    const accepted = new Map(this.accepted);
    const sourceOf = sourceTexts((file) => this.texts.get(file));
    const context = this.fixContext();
    for (const file of files) {
      const { findings, suppressed } = this.reportFile(file, sourceOf, context);
      setOrDelete(reported, file, findings);
      setOrDelete(accepted, file, suppressed);
    }
    this.reported = reported;
    this.accepted = accepted;
  }

  fixContext(): FixContext {
    const treeOf = (file: string) => {
      const [text, language] = [this.texts.get(file), languageOf(file)];
      return text === undefined || !language ? undefined : this.frontEnds.get(language)?.tree(file, text);
    };
    return fixContext(this.program, (file) => this.texts.get(file), treeOf);
  }

  private reportFile(file: string, sourceOf: ReturnType<typeof sourceTexts>, context: FixContext): FileFindings {
    const findings: ReportedFinding[] = [];
    const suppressed: SuppressedFinding[] = [];
    const module = this.program.modules.get(file)?.module;
    if (!module || (this.exempt.has(file) && !this.configuration.reportExempt)) return { findings, suppressed };
    const allowed = suppressionsOf(module, sourceOf(file));
    for (const answer of this.answers.ofFile(file)) {
      const severity = Object.hasOwn(this.configuration.rules, answer.rule.id) ? this.configuration.rules[answer.rule.id] : undefined;
      if (severity === 'off') continue;
      for (const finding of answer.findings) {
        if (fileOfKey(finding.site.function) !== file) continue;
        const reported = reportFinding(finding, context, sourceOf, severity);
        const justification = allowed(reported.rule, reported.range.start.line);
        if (justification === undefined) findings.push(reported);
        else suppressed.push({ ...reported, justification });
      }
    }
    return { findings: findings.sort(byPosition), suppressed: suppressed.sort(byPosition) };
  }

  private count(change: ProgramChange): void {
    this.work.resolved += change.resolvedFiles.size;
    this.work.summarised += change.summarised.size;
    this.work.contexts += change.contextsComputed;
  }

  private snapshot(edited: ReadonlySet<string>): Snapshot {
    const changed: string[] = [];
    for (const file of new Set([...edited, ...this.reported.keys(), ...this.shown.keys()])) {
      const [before, after] = [this.shown.get(file), this.reported.get(file)];
      if (before !== after && JSON.stringify(before) !== JSON.stringify(after)) changed.push(file);
    }
    this.shown = this.reported;
    return new EngineSnapshot(this, ++this.version, this.reported, this.accepted, changed.sort(), { ...this.work });
  }
}

interface FileFindings {
  readonly findings: readonly ReportedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
}

function setOrDelete<Item>(map: Map<string, readonly Item[]>, key: string, items: readonly Item[]): void {
  if (items.length > 0) map.set(key, items);
  else map.delete(key);
}

interface Narrowed {
  readonly met: string[];
  readonly unmet: string[];
}

const NO_FINDINGS: readonly Finding[] = [];

function noWork(): WorkCount {
  return { lowered: 0, resolved: 0, summarised: 0, contexts: 0, checked: 0 };
}

function byPosition(a: ReportedFinding, b: ReportedFinding): number {
  return (
    a.range.start.line - b.range.start.line ||
    a.range.start.column - b.range.start.column ||
    (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0) ||
    (a.message < b.message ? -1 : 1)
  );
}
