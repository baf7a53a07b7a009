// What the options that all commands share mean for a run.
import { absolutePath, nodeFiles } from '../disk/node-files';
import { displayPath, harmless } from '../report/plain-text';
import type { Severity } from '../rules/finding';
import type { ConfigurationProblem } from '../workspace/configuration-file';
import { languageOf } from '../workspace/languages';
import type { RunOptions } from './analysis';
import { DiskCache, defaultCacheFolder } from './disk-cache';
import { earlierTexts } from './earlier-texts';
import type { Surroundings } from './surroundings';
import { CannotRun } from './terminal';

export interface SharedOptions {
  readonly includeTests?: boolean;
  readonly config?: string;
  readonly cacheDir?: string;
  /** False with --no-cache. */
  readonly cache?: boolean;
}

/** What commands take whose result is findings. */
export interface ResultOptions extends SharedOptions {
  readonly failOn: Severity | 'never';
  /** `FILE` or `FORMAT=FILE`, each. */
  readonly output?: readonly string[];
  /** Findings and errors only. */
  readonly quiet?: boolean;
  /** False with --no-baseline. */
  readonly baseline?: string | false;
  readonly updateBaseline?: boolean;
  /** A git revision; what was found then is known. */
  readonly diffBase?: string;
  /** The file that the text from standard input stands for. */
  readonly stdinFilename?: string;
}

/** The run that options ask for. Paths that do not exist end the command: half an answer would look like a whole one. */
export async function runOptionsOf(paths: readonly string[], options: SharedOptions & Partial<ResultOptions>, surroundings: Surroundings): Promise<RunOptions> {
  const { terminal, environment } = surroundings;
  const given = options.stdinFilename === undefined ? undefined : await givenText(options.stdinFilename, surroundings);
  const absolute = (paths.length > 0 || given ? paths : ['.']).map((path) => {
    const found = absolutePath(path, terminal.folder);
    // An empty word, as of a variable that is not set, is not meant to be the working folder.
    if (path === '' || !nodeFiles.kindOf(found)) throw new CannotRun(`no such file or folder: ${path || "''"}`);
    return found;
  });
  const useCache = options.cache !== false;
  const resolver = { only: configurationFile(options.config, surroundings), overrides: options.includeTests ? { includeTests: true } : {} };
  const places = given ? [...absolute, given.file] : absolute;
  return {
    paths: absolute,
    ...resolver,
    given,
    earlier: options.diffBase === undefined ? undefined : await earlierTexts(options.diffBase, places, resolver),
    cache: useCache
      ? new DiskCache(options.cacheDir ? absolutePath(options.cacheDir, terminal.folder) : defaultCacheFolder(environment), surroundings.engine().identity)
      : undefined,
    onProgress: (phase, done, total) => terminal.progress(phase, done, total),
    onProblem: (problem) => terminal.tell(`${problemText(problem, terminal.folder)}\n`),
  };
}

async function givenText(name: string, { terminal, input }: Surroundings): Promise<RunOptions['given']> {
  const file = absolutePath(name, terminal.folder);
  if (!languageOf(file)) throw new CannotRun(`not a Python, TypeScript or JavaScript file: ${name}`);
  return { file, bytes: await input() };
}

/** The file that --config names. */
export function configurationFile(config: string | undefined, { terminal }: Surroundings): string | undefined {
  if (config === undefined) return undefined;
  const file = absolutePath(config, terminal.folder);
  if (nodeFiles.kindOf(file) !== 'file') throw new CannotRun(`no such configuration file: ${config}`);
  return file;
}

/** `file:line:column: message`, from 1. */
export function problemText(problem: ConfigurationProblem, folder: string): string {
  return harmless(`${displayPath(problem.file, folder)}:${problem.line + 1}:${problem.column + 1}: ${problem.message}`);
}
