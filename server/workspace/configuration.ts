// Configuration: which settings apply to a file, merged from the nearest configuration file and the user's own.
import picomatch from 'picomatch';
import type { ReportedFinding } from '../report/reported-finding';
import { type ConfigurationProblem, type ParsedConfiguration, parseConfiguration, type RuleSetting, type Settings } from './configuration-file';
import { decodeUtf8 } from './decoding';
import { type FileSystem, joinPath, parentOf, relativePath } from './file-system';
import { type Configuration, DEFAULT_CONFIGURATION } from './snapshot';

/** What applies to one file, and why. */
export interface ResolvedConfiguration {
  /** The configuration file; absent where there is none and the defaults hold. */
  readonly file?: string;
  /** Files that were looked for before it was found, or in vain: nearest first. */
  readonly looked: readonly string[];
  readonly configuration: Configuration;
  /** What the file itself says. */
  readonly settings: Settings;
  /** How Python runs, as the project tells by what it says to other tools. */
  readonly told?: Configuration['interpreter'];
  readonly models: readonly unknown[];
  /** The file of known findings. */
  readonly baseline?: string;
  /** Whether the configuration leaves a path (below its folder) out. */
  readonly isExcluded: (path: string) => boolean;
  readonly problems: readonly ConfigurationProblem[];
}

export interface ResolverOptions {
  /** The one configuration file to use for everything, in place of the nearest. */
  readonly only?: string;
  /** What command line or editor say; they win over files. */
  readonly overrides?: Settings;
}

const MAXIMUM_SIZE = 1 << 20;
const CANDIDATES: readonly (readonly [name: string, table: readonly string[]])[] = [
  ['lockset.toml', []],
  ['pyproject.toml', ['tool', 'lockset']],
];

/** Finds and keeps configurations; the same for the editor and for the command line. */
export class ConfigurationResolver {
  private readonly byFolder = new Map<string, Promise<ResolvedConfiguration>>();
  private only: Promise<ResolvedConfiguration> | undefined;

  constructor(
    private readonly files: FileSystem,
    private readonly options: ResolverOptions = {},
  ) {}

  /** What applies to a file (absolute path, forward slashes). Never throws: what cannot be read is a problem. */
  configurationFor(file: string): Promise<ResolvedConfiguration> {
    if (this.options.only === undefined) return this.configurationOfFolder(parentOf(file));
    this.only ??= this.readOnly(this.options.only);
    return this.only;
  }

  /** What applies to the files right in a folder. */
  configurationOfFolder(folder: string): Promise<ResolvedConfiguration> {
    if (this.options.only !== undefined) return this.configurationFor(joinPath(folder, '_'));
    let known = this.byFolder.get(folder);
    if (!known) {
      known = this.search(folder);
      this.byFolder.set(folder, known);
    }
    return known;
  }

  /** Forgets everything, after a configuration file has changed. */
  reset(): void {
    this.byFolder.clear();
    this.only = undefined;
  }

  private async search(folder: string): Promise<ResolvedConfiguration> {
    const looked: string[] = [];
    const [own, project] = await Promise.all(
      CANDIDATES.map(async ([name, table]) => ({ file: joinPath(folder, name), parsed: await this.read(joinPath(folder, name), table) })),
    );
    const parent = parentOf(folder);
    // A repository is a world of its own: what lies above it was not written for it.
    const isTop = parent === folder || (await this.files.kindOf(joinPath(folder, '.git'))) !== undefined;
    const above = isTop ? undefined : await this.configurationOfFolder(parent);
    const told = project.parsed?.told ?? above?.told;
    for (const { file, parsed } of [own, project]) {
      if (parsed?.settings) return this.resolved(folder, { file, looked, settings: parsed.settings, problems: parsed.problems }, told);
      looked.push(file);
    }
    if (!above) return this.resolved(folder, { looked, settings: {}, problems: [] }, told);
    const interpreter = this.interpreterOf(above.settings, told);
    return { ...above, told, configuration: { ...above.configuration, interpreter }, looked: [...looked, ...above.looked] };
  }

  /** What the user says goes before the configuration file, and that before what the project tells other tools. */
  private interpreterOf(settings: Settings, told: Configuration['interpreter'] | undefined): Configuration['interpreter'] {
    return this.options.overrides?.interpreter ?? settings.interpreter ?? told ?? DEFAULT_CONFIGURATION.interpreter;
  }

  private async read(file: string, table: readonly string[]): Promise<ParsedConfiguration | undefined> {
    if ((await this.files.kindOf(file)) !== 'file') return undefined;
    try {
      return await this.keepInside(file, parseConfiguration(file, decodeUtf8(await this.files.read(file, MAXIMUM_SIZE)), table));
    } catch (error) {
      const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      return { settings: {}, problems: [{ file, line: 0, column: 0, message }] };
    }
  }

  /** Leaves out a baseline to which links lead out of the folder: it may be written, and a configuration may come from a stranger. */
  private async keepInside(file: string, parsed: ParsedConfiguration): Promise<ParsedConfiguration> {
    const { baseline, ...settings } = parsed.settings ?? {};
    if (baseline === undefined) return parsed;
    const path = joinPath(parentOf(file), baseline);
    const [top, real] = [await this.files.realPath(parentOf(file)), (await this.files.realPath(path)) ?? (await this.files.realPath(parentOf(path)))];
    if (top === undefined || real === undefined || relativePath(top, real) !== undefined) return parsed;
    const problem = { file, line: 0, column: 0, message: 'baseline leads out of the folder of this file; it is ignored' };
    return { ...parsed, settings, problems: [...parsed.problems, problem] };
  }

  private async readOnly(file: string): Promise<ResolvedConfiguration> {
    const table = file.endsWith('pyproject.toml') ? ['tool', 'lockset'] : [];
    const missing: ConfigurationProblem = { file, line: 0, column: 0, message: 'no such configuration file' };
    const parsed = (await this.read(file, table)) ?? { settings: {}, problems: [missing] };
    return this.resolved(parentOf(file), { file, looked: [], settings: parsed.settings ?? {}, problems: parsed.problems });
  }

  private resolved(
    folder: string,
    found: { file?: string; looked: readonly string[]; settings: Settings; problems: readonly ConfigurationProblem[] },
    told?: Configuration['interpreter'],
  ): ResolvedConfiguration {
    const { settings } = found;
    const overrides = this.options.overrides ?? {};
    const excluded = excluder(folder, settings.exclude ?? []);
    return {
      ...found,
      ...(told ? { told } : {}),
      configuration: {
        rules: { ...settings.rules, ...overrides.rules },
        interpreter: this.interpreterOf(settings, told),
        reportExempt: overrides.includeTests ?? settings.includeTests ?? DEFAULT_CONFIGURATION.reportExempt,
      },
      models: settings.models ?? [],
      ...(settings.baseline !== undefined && { baseline: joinPath(folder, settings.baseline) }),
      isExcluded: excluded,
    };
  }
}

/** Matches paths below `folder`; a glob without a slash stands for that name at any depth, and a folder for all in it. */
export function excluder(folder: string, globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const matchers = globs.map((glob) => {
    const bare = glob.replace(/^\.\//, '').replace(/\/+$/, '');
    const anchored = bare.replace(/^\//, '');
    return picomatch(anchored === bare && !bare.includes('/') ? `**/${bare}` : anchored, { dot: true });
  });
  return (path) => {
    const relative = relativePath(folder, path);
    if (!relative) return false;
    const parts = relative.split('/');
    return parts.some((_, index) => {
      const part = parts.slice(0, index + 1).join('/');
      return matchers.some((matches) => matches(part));
    });
  };
}

/**
 * One configuration for an analysis of files whose configurations differ: every rule runs that any of them wants,
 * and `configureFinding` settles the rest for each finding. Interpreter and exemptions are those of the first.
 */
export function combineConfigurations(configurations: readonly Configuration[]): Configuration {
  const [first, ...others] = configurations;
  if (!first) return DEFAULT_CONFIGURATION;
  if (others.every((other) => other === first)) return first;
  const rules: Record<string, RuleSetting> = {};
  for (const rule of new Set(configurations.flatMap((configuration) => Object.keys(configuration.rules)))) {
    const wanted = configurations.map((configuration) => configuration.rules[rule]);
    if (wanted.every((setting) => setting === wanted[0])) rules[rule] = wanted[0];
    else {
      // Not said by all: run it, unless those who speak of it only turn it off; then the default holds for the others.
      const loud = wanted.find((setting) => setting !== undefined && setting !== 'off');
      if (loud) rules[rule] = loud;
    }
  }
  return { rules, interpreter: first.interpreter, reportExempt: configurations.some((configuration) => configuration.reportExempt) };
}

/**
 * A finding as the configuration of its own file wants it; undefined when that turns its rule off. `defaults` tells what
 * holds for rules that it does not name, and is asked only where another file's configuration changed the rule.
 */
export function configureFinding(
  finding: ReportedFinding,
  own: Configuration,
  combined: Configuration,
  defaults: (rule: string) => RuleSetting | undefined,
): ReportedFinding | undefined {
  if (own === combined) return finding;
  const said = own.rules[finding.rule];
  const setting = said ?? (combined.rules[finding.rule] === undefined ? undefined : defaults(finding.rule));
  if (setting === undefined || setting === finding.severity) return finding;
  return setting === 'off' ? undefined : { ...finding, severity: setting };
}
