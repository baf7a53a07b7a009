// Configuration files: reading lockset.toml and pyproject.toml's [tool.lockset], and telling what is wrong in them.
import { parse, TomlError } from 'smol-toml';
import type { Severity } from '../rules/finding';
import { isCostlyPattern } from './ignore-rules';
import type { Configuration } from './snapshot';

export type RuleSetting = Configuration['rules'][string];

/** What is wrong in a configuration file; line and column from 0. */
export interface ConfigurationProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What a configuration file says; absent means: not said. */
export interface Settings {
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  readonly interpreter?: Configuration['interpreter'];
  /** Globs relative to the file's folder. */
  readonly exclude?: readonly string[];
  readonly includeTests?: boolean;
  /** The file of known findings, relative to the file's folder and inside it. */
  readonly baseline?: string;
  /** Library models as they stand in the file; their reader checks them. */
  readonly models?: readonly unknown[];
}

export interface ParsedConfiguration {
  /** Undefined when a pyproject.toml has no [tool.lockset], so that it is not a configuration at all. */
  readonly settings: Settings | undefined;
  /** How Python runs, as far as a pyproject.toml tells by what it says to other tools. */
  readonly told?: Configuration['interpreter'];
  readonly problems: readonly ConfigurationProblem[];
}

/** From loud to silent. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** Whether a finding of the first severity is at least as loud as the second. */
export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(limit);
}

/** Reads a configuration file. `table` is where in it the settings are: [] for lockset.toml. Never throws. */
export function parseConfiguration(file: string, text: string, table: readonly string[] = []): ParsedConfiguration {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    // Somebody else's table may be what is broken in a pyproject.toml; only one that speaks of us is ours to tell.
    if (table.length > 0 && !text.includes(table.join('.'))) return { settings: undefined, problems: [] };
    const at = error instanceof TomlError ? { line: error.line - 1, column: error.column - 1 } : { line: 0, column: 0 };
    const message = (error instanceof Error ? error.message : String(error)).replace(/^Invalid TOML document:\s*/, '').split('\n')[0];
    return { settings: {}, problems: [{ file, ...at, message: `not valid TOML: ${message}; the file is ignored` }] };
  }
  const told = table.length > 0 && isFreeThreaded(content) ? ({ told: 'free-threaded' } as const) : {};
  for (const step of table) content = entry(content, step);
  if (content === undefined) return { settings: undefined, problems: [], ...told };
  return { ...new Reader(file, text).read(content), ...told };
}

/** A project that is built for, or classified as fit for, Python without its global lock. */
function isFreeThreaded(content: unknown): boolean {
  const classifiers = entry(entry(content, 'project'), 'classifiers');
  const enabled = entry(entry(entry(content, 'tool'), 'cibuildwheel'), 'enable');
  const says = (list: unknown, start: string) => (Array.isArray(list) ? list : [list]).some((item) => typeof item === 'string' && item.startsWith(start));
  return says(classifiers, 'Programming Language :: Python :: Free Threading') || says(enabled, 'cpython-freethreading');
}

function entry(table: unknown, key: string): unknown {
  return isTable(table) && Object.hasOwn(table, key) ? table[key] : undefined;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class Reader {
  private readonly problems: ConfigurationProblem[] = [];

  constructor(
    private readonly file: string,
    private readonly text: string,
  ) {}

  read(content: unknown): ParsedConfiguration {
    const settings: { -readonly [Key in keyof Settings]: Settings[Key] } = {};
    if (!isTable(content)) {
      this.tell('lockset', 'the settings must be a table');
      return { settings, problems: this.problems };
    }
    for (const [key, value] of Object.entries(content)) {
      if (key === 'rules') settings.rules = this.rules(value);
      else if (key === 'interpreter') settings.interpreter = this.choice(key, value, ['gil', 'free-threaded'] as const);
      else if (key === 'exclude') settings.exclude = this.globs(value);
      else if (key === 'include-tests') settings.includeTests = this.flag(key, value);
      else if (key === 'baseline') settings.baseline = this.path(key, value);
      else if (key === 'models') settings.models = this.tables(key, value);
      else this.tell(key, `unknown setting "${key}"; there are rules, interpreter, exclude, include-tests, baseline and models`);
    }
    return { settings, problems: this.problems };
  }

  private rules(value: unknown): Record<string, RuleSetting> {
    const rules: Record<string, RuleSetting> = {};
    if (!isTable(value)) {
      this.tell('rules', 'rules must be a table of rule = "severity"');
      return rules;
    }
    for (const [rule, setting] of Object.entries(value)) {
      const checked = this.choice(rule, setting, ['off', ...SEVERITIES] as const);
      if (checked) rules[rule] = checked;
    }
    return rules;
  }

  private globs(value: unknown): string[] {
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
      this.tell('exclude', 'exclude must be a list of globs, such as ["scripts/**"]');
      return [];
    }
    const costly = value.filter(isCostlyPattern);
    for (const pattern of costly) this.tell('exclude', `too many wildcards in "${pattern.slice(0, 60)}"; the glob is ignored`);
    return value.filter((pattern) => !costly.includes(pattern));
  }

  private flag(key: string, value: unknown): boolean | undefined {
    if (typeof value === 'boolean') return value;
    this.tell(key, `${key} must be true or false`);
    return undefined;
  }

  /** A configuration may come from a stranger, so that it names nothing out of its folder. */
  private path(key: string, value: unknown): string | undefined {
    if (typeof value === 'string' && value !== '' && !/^[\\/]|^\w:|[\\\0]/.test(value) && !value.split('/').includes('..'))
      return value.replace(/^(?:\.\/)+/, '');
    this.tell(key, `${key} must be the path of a file below the folder of this one, such as "lockset-baseline.json"`);
    return undefined;
  }

  private tables(key: string, value: unknown): readonly unknown[] {
    if (Array.isArray(value) && value.every(isTable)) return value;
    this.tell(key, `${key} must be a list of tables: [[${key}]]`);
    return [];
  }

  private choice<Choice extends string>(key: string, value: unknown, choices: readonly Choice[]): Choice | undefined {
    const found = choices.find((choice) => choice === value);
    if (!found) this.tell(key, `${key} must be one of ${choices.map((choice) => `"${choice}"`).join(', ')}`);
    return found;
  }

  /** The parser keeps no positions of values, so the key is looked up in the text: first occurrence as a key. */
  private tell(key: string, message: string): void {
    const escaped = key.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    const found = new RegExp(`^[ \\t]*(?:\\[+[^\\]\\n]*)?["']?${escaped}["']?[ \\t]*(?:[=.\\]])`, 'm').exec(this.text);
    const before = this.text.slice(0, found ? found.index + found[0].indexOf(key) : 0);
    this.problems.push({ file: this.file, line: before.split('\n').length - 1, column: before.length - (before.lastIndexOf('\n') + 1), message });
  }
}
