// Ignore rules: what nested .gitignore files say of a path.
import ignore, { type Ignore } from 'ignore';
import { relativePath } from './file-system';

/** The rules of one .gitignore and, behind it, those of the folders above. */
export interface IgnoreRules {
  readonly folder: string;
  readonly matcher: Ignore;
  readonly above: IgnoreRules | undefined;
}

/** The rules in force below `folder`, whose .gitignore has the given text. */
export function addIgnoreRules(above: IgnoreRules | undefined, folder: string, text: string): IgnoreRules {
  const patterns = text.split(/\r?\n/).filter((pattern) => !isCostlyPattern(pattern));
  return { folder, matcher: ignore({ ignorecase: false }).add(patterns), above };
}

/** Whether a path (of a folder, or of a file) is ignored. The rules nearest to it decide; git does the same. */
export function isIgnored(rules: IgnoreRules | undefined, path: string, isFolder: boolean): boolean {
  for (let level = rules; level; level = level.above) {
    const relative = relativePath(level.folder, path);
    if (!relative) continue;
    const outcome = level.matcher.test(isFolder ? `${relative}/` : relative);
    if (outcome.ignored) return true;
    if (outcome.unignored) return false;
  }
  return false;
}

/**
 * Whether matching the pattern could take very long: patterns become regular expressions that backtrack over each
 * wildcard, and a workspace from a stranger may hold patterns made to hang whoever reads them.
 */
export function isCostlyPattern(pattern: string): boolean {
  if (pattern.length > 1000) return true;
  const segments = pattern.split('/');
  return segments.some((segment) => (segment.match(/\*+|[+@?!]\(/g)?.length ?? 0) > 4) || segments.filter((segment) => /^\*\*+$/.test(segment)).length > 4;
}
