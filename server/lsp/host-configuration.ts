// The configurations in force on the analysis side: the nearest file for each source file, with the editor's settings on top.
import type { ReportedFinding } from '../report/reported-finding';
import { ConfigurationResolver, combineConfigurations, configureFinding, excluder, type ResolvedConfiguration } from '../workspace/configuration';
import type { ConfigurationProblem, RuleSetting, Settings } from '../workspace/configuration-file';
import { type FileSystem, joinPath, relativePath } from '../workspace/file-system';
import { isCostlyPattern } from '../workspace/ignore-rules';
import { type Configuration, DEFAULT_CONFIGURATION } from '../workspace/snapshot';
import type { ConfigurationFile } from './analysis-channel';
import type { UserModels } from './engine';
import { KnownFindings } from './known-findings';

const SETTINGS: readonly RuleSetting[] = ['off', 'hint', 'information', 'warning', 'error'];

/** What the editor says, checked field by field: settings are written by people, and some clients send anything. */
export function readEditorSettings(settings: unknown): Settings {
  if (!isRecord(settings)) return {};
  const rules: Record<string, RuleSetting> = {};
  if (isRecord(settings.rules)) {
    for (const [rule, said] of Object.entries(settings.rules)) {
      const setting = SETTINGS.find((known) => known === said);
      if (setting) rules[rule] = setting;
    }
  }
  const interpreter = settings.interpreter === 'gil' || settings.interpreter === 'free-threaded' ? settings.interpreter : undefined;
  const exclude = Array.isArray(settings.exclude) ? settings.exclude.filter((glob): glob is string => typeof glob === 'string' && !isCostlyPattern(glob)) : [];
  const includeTests = typeof settings.includeTests === 'boolean' ? settings.includeTests : undefined;
  // The editor always sends its default for the interpreter; only a departure from it may win over a file.
  return { rules, interpreter: interpreter === DEFAULT_CONFIGURATION.interpreter ? undefined : interpreter, exclude, includeTests };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Made anew when settings, folders or a configuration file change. */
export class HostConfiguration {
  private readonly resolver: ConfigurationResolver | undefined;
  /** The editor's globs are relative to each workspace folder. */
  private readonly excludedByEditor: readonly ((path: string) => boolean)[];
  /** Distinct configurations in order of their appearance. */
  private readonly seen = new Set<Configuration>();
  private readonly ownOf = new Map<string, Configuration>();
  private readonly told = new Set<string>();
  private readonly modelsByFile = new Map<string, readonly unknown[]>();
  private readonly base: Configuration;
  /** What baselines know. */
  readonly known: KnownFindings;
  /** The one that the whole analysis runs with; changes when a file with another configuration appears. */
  combined: Configuration;

  constructor(
    files: FileSystem | undefined,
    settings: Settings,
    private readonly folders: readonly string[],
    private readonly onProblem: (problem: ConfigurationProblem) => void,
  ) {
    this.resolver = files && new ConfigurationResolver(files, { overrides: settings });
    this.excludedByEditor = folders.map((folder) => excluder(folder, settings.exclude ?? []));
    this.base = {
      rules: settings.rules ?? {},
      interpreter: settings.interpreter ?? DEFAULT_CONFIGURATION.interpreter,
      reportExempt: settings.includeTests ?? DEFAULT_CONFIGURATION.reportExempt,
    };
    this.combined = this.base;
    this.known = new KnownFindings(files, (file, message) => onProblem({ file, line: 0, column: 0, message }));
  }

  /** Library models that configuration files add. */
  get models(): readonly UserModels[] {
    return [...this.modelsByFile].map(([file, models]) => ({ file, models }));
  }

  /** What a file is analysed with, once it has been included. */
  configurationOf(file: string): Configuration {
    return this.ownOf.get(file) ?? this.combined;
  }

  /** Takes a file in; true when `combined` or `models` are others now. */
  async include(file: string): Promise<boolean> {
    if (this.ownOf.has(file)) return false;
    const resolved = await this.resolve(file);
    const own = resolved?.configuration ?? this.base;
    this.ownOf.set(file, own);
    await this.known.include(file, resolved?.baseline);
    if (this.seen.has(own)) return false;
    this.seen.add(own);
    if (resolved?.file !== undefined && resolved.models.length > 0) this.modelsByFile.set(resolved.file, resolved.models);
    const combined = combineConfigurations([...this.seen]);
    const isOther = JSON.stringify(combined) !== JSON.stringify(this.combined);
    this.combined = combined;
    return isOther || this.modelsByFile.has(resolved?.file ?? '');
  }

  /** Whether settings or configuration files leave a path out. */
  async isExcluded(path: string): Promise<boolean> {
    return this.excludedByEditor.some((excludes) => excludes(path)) || ((await this.resolve(path))?.isExcluded(path) ?? false);
  }

  /** The configuration file that holds for a file; where there is none, the one that would hold for its whole folder. */
  async fileFor(file: string): Promise<ConfigurationFile | undefined> {
    const resolved = await this.resolve(file);
    if (resolved?.file !== undefined) return { file: resolved.file, exists: true };
    const [folder] = this.folders.filter((candidate) => relativePath(candidate, file) !== undefined).sort((a, b) => b.length - a.length);
    return resolved && { file: joinPath(folder, 'lockset.toml'), exists: false };
  }

  /** The findings as their file's own configuration wants them. */
  apply(findings: readonly ReportedFinding[], defaultOf: (rule: string) => RuleSetting | undefined): readonly ReportedFinding[] {
    if (this.seen.size < 2) return findings;
    const wanted: ReportedFinding[] = [];
    for (const finding of findings) {
      const configured = configureFinding(finding, this.configurationOf(finding.file), this.combined, defaultOf);
      if (configured) wanted.push(configured);
    }
    return wanted;
  }

  /** Only what lies on a disk, inside a folder that is open, has configuration files. */
  private async resolve(file: string): Promise<ResolvedConfiguration | undefined> {
    if (!this.resolver || !this.folders.some((folder) => relativePath(folder, file) !== undefined)) return undefined;
    const resolved = await this.resolver.configurationFor(file);
    for (const problem of resolved.problems) {
      const key = `${problem.file}:${problem.line}:${problem.message}`;
      if (!this.told.has(key)) this.onProblem(problem);
      this.told.add(key);
    }
    return resolved;
  }
}
