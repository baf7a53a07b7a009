// What the options that all commands share mean for a run.
import { absolutePath, nodeFiles } from '../disk/node-files';
import { displayPath, harmless } from '../report/plain-text';
import type { ConfigurationProblem } from '../workspace/configuration-file';
import { DiskCache, defaultCacheFolder } from './disk-cache';
import type { RunOptions } from './run';
import type { Surroundings } from './surroundings';
import { CannotRun } from './terminal';

export interface SharedOptions {
  readonly includeTests?: boolean;
  readonly config?: string;
  readonly cacheDir?: string;
  /** False with --no-cache. */
  readonly cache?: boolean;
}

/** The run that options ask for. Paths that do not exist end the command: half an answer would look like a whole one. */
export function runOptionsOf(paths: readonly string[], options: SharedOptions, surroundings: Surroundings): RunOptions {
  const { terminal, environment } = surroundings;
  const absolute = (paths.length > 0 ? paths : ['.']).map((path) => {
    const found = absolutePath(path, terminal.folder);
    if (!nodeFiles.kindOf(found)) throw new CannotRun(`no such file or folder: ${path}`);
    return found;
  });
  const useCache = options.cache !== false;
  return {
    paths: absolute,
    only: configurationFile(options.config, surroundings),
    overrides: options.includeTests ? { includeTests: true } : {},
    cache: useCache
      ? new DiskCache(options.cacheDir ? absolutePath(options.cacheDir, terminal.folder) : defaultCacheFolder(environment), surroundings.engine().identity)
      : undefined,
    onProgress: (line) => terminal.progress(line),
    onProblem: (problem) => terminal.tell(`${problemText(problem, terminal.folder)}\n`),
  };
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
