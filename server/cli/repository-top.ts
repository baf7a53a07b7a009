// Which folder paths are shown relative to: code hosts look for files from the top of the repository, people from where they are.
import { nodeFiles } from '../disk/node-files';
import { joinPath, parentOf, relativePath } from '../workspace/file-system';
import type { RunOptions } from './analysis';

const FOR_CODE_HOSTS: ReadonlySet<string> = new Set(['sarif', 'github', 'junit', 'markdown']);

/** The folder that paths are relative to in a format, for a run from the working folder `folder`. */
export function folderOfPaths(format: string, { paths, given }: Pick<RunOptions, 'paths' | 'given'>, folder: string): string {
  if (!FOR_CODE_HOSTS.has(format)) return folder;
  const places = given ? [given.file] : paths;
  const tops = [folder, ...places].flatMap((place) => repositoryTop(place) ?? []);
  return tops.find((top) => places.every((place) => relativePath(top, place) !== undefined)) ?? folder;
}

/** The nearest folder at or above a place that is the top of a repository, or of a worktree or submodule, whose `.git` is a file. */
function repositoryTop(place: string): string | undefined {
  for (let folder = place; ; folder = parentOf(folder)) {
    if (nodeFiles.kindOf(joinPath(folder, '.git')) !== undefined) return folder;
    if (parentOf(folder) === folder) return undefined;
  }
}
