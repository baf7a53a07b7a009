// Discovery: which files of the folders and files that were asked for belong to the analysis.
import type { Language } from '../model/module';
import { decodeUtf8 } from './decoding';
import { type DirectoryEntry, type FileSystem, joinPath, nameOf, parentOf, relativePath } from './file-system';
import { addIgnoreRules, type IgnoreRules, isIgnored } from './ignore-rules';
import { languageOf } from './languages';
import { type Role, roleOf } from './roles';

/** A file to analyse, or something that is left out and why. */
export type DiscoveryItem =
  | { readonly kind: 'file'; readonly file: string; readonly language: Language; readonly role: Role }
  | { readonly kind: 'skipped'; readonly file: string; readonly reason: string };

export interface DiscoveryOptions {
  /** Whether the settings leave a path out; asked for folders too, which are then not entered. */
  readonly isExcluded?: (path: string, isFolder: boolean) => boolean | Promise<boolean>;
  readonly maximumFiles?: number;
  readonly maximumDepth?: number;
}

const DEFAULT_MAXIMUM_FILES = 50_000;
const DEFAULT_MAXIMUM_DEPTH = 80;
const MAXIMUM_IGNORE_FILE = 1 << 20;

/** Folders that are never the program's own source; left out without a word. */
const FOREIGN_FOLDER = /^(?:\..+|node_modules|bower_components|jspm_packages|__pycache__|__pypackages__|site-packages|dist-packages|venv|.+\.egg-info)$/;
/** Folders that usually hold what a build wrote; leaving one out is told, as it may be source after all. */
const BUILD_FOLDER = /^(?:dist|build|out|target)$/;
/** Components, whose scripts are not read; that is told, as people may count on it. */
const COMPONENT = /\.(vue|svelte|astro)$/i;
const MINIFIED = /[.-]min\.[cm]?js$/i;

/** Whether a file or folder of that name is nobody's own source. */
export function isForeign(name: string): boolean {
  return FOREIGN_FOLDER.test(name);
}

interface Pending {
  readonly path: string;
  readonly kind: DirectoryEntry['kind'];
  readonly rules: IgnoreRules | undefined;
  readonly depth: number;
}

/**
 * Walks the given paths (absolute, forward slashes), each a file or a folder, and yields what is found in sorted order,
 * everything once. A file that is named itself is taken whatever its role. Links are not followed: what they lead to
 * inside the folder is found under its own name, what is outside is nobody's business here.
 */
export async function* discover(files: FileSystem, paths: readonly string[], options: DiscoveryOptions = {}): AsyncGenerator<DiscoveryItem> {
  const visited = new Set<string>();
  const walk = new Walk(files, options, visited);
  for (const path of paths) {
    const kind = await files.kindOf(path);
    if (kind === 'directory') {
      yield* walk.folder(path);
      continue;
    }
    const language = languageOf(path);
    if (!kind) yield { kind: 'skipped', file: path, reason: 'no such file or folder' };
    else if (kind === 'other') yield { kind: 'skipped', file: path, reason: 'not a regular file' };
    else if (!language)
      yield {
        kind: 'skipped',
        file: path,
        reason: COMPONENT.test(path) ? 'scripts in components are not analysed' : 'not a Python, TypeScript or JavaScript file',
      };
    else if (await walk.isNew(path)) yield { kind: 'file', file: path, language, role: 'source' };
  }
}

class Walk {
  private found = 0;
  /** How many components were passed by, by ending. */
  private components = new Map<string, number>();

  constructor(
    private readonly files: FileSystem,
    private readonly options: DiscoveryOptions,
    private readonly visited: Set<string>,
  ) {}

  /** Whether a path, links followed, has not been seen before. */
  async isNew(path: string): Promise<boolean> {
    const real = (await this.files.realPath(path)) ?? path;
    if (this.visited.has(real)) return false;
    this.visited.add(real);
    return true;
  }

  async *folder(root: string): AsyncGenerator<DiscoveryItem> {
    const realRoot = (await this.files.realPath(root)) ?? root;
    // Everything in sorted order off one stack: deep folders cost no recursion.
    const stack: Pending[] = [{ path: root, kind: 'directory', rules: await this.rulesAbove(root), depth: 0 }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (next.kind === 'directory') {
        yield* this.enter(next, realRoot, stack);
        continue;
      }
      const language = languageOf(next.path);
      if (!language || MINIFIED.test(next.path) || (await this.options.isExcluded?.(next.path, false))) continue;
      if (next.kind === 'other') {
        yield { kind: 'skipped', file: next.path, reason: 'not a regular file' };
        continue;
      }
      // Only a root can lie inside another root; below one root nothing but links leads to a file twice.
      const real = realRoot === root ? next.path : joinPath(realRoot, relativePath(root, next.path) ?? '');
      if (this.visited.has(real)) continue;
      this.visited.add(real);
      if (++this.found > (this.options.maximumFiles ?? DEFAULT_MAXIMUM_FILES)) {
        yield { kind: 'skipped', file: root, reason: `only the first ${this.found - 1} files were taken; name smaller folders to see the rest` };
        return;
      }
      yield { kind: 'file', file: next.path, language, role: roleOf(relativePath(root, next.path) ?? next.path) };
    }
    for (const [ending, count] of this.components)
      yield { kind: 'skipped', file: root, reason: `${count} .${ending} file${count === 1 ? '' : 's'} not read: scripts in components are not analysed` };
    this.components = new Map();
  }

  /** Puts a folder's entries on the stack, last one first. */
  private async *enter(folder: Pending, realRoot: string, stack: Pending[]): AsyncGenerator<DiscoveryItem> {
    if (folder.depth > (this.options.maximumDepth ?? DEFAULT_MAXIMUM_DEPTH)) {
      yield { kind: 'skipped', file: folder.path, reason: 'nested too deeply' };
      return;
    }
    let entries: readonly DirectoryEntry[];
    try {
      entries = await this.files.readDirectory(folder.path);
    } catch (error) {
      yield { kind: 'skipped', file: folder.path, reason: error instanceof Error ? error.message : String(error) };
      return;
    }
    const names = new Set(entries.map((entry) => entry.name));
    // A virtual environment is known by what is in it, whatever its name; one that was asked for is walked.
    if (folder.depth > 0 && (names.has('pyvenv.cfg') || names.has('conda-meta'))) return;
    if (folder.depth > 0 && BUILD_FOLDER.test(nameOf(folder.path)) && !names.has('__init__.py')) {
      yield { kind: 'skipped', file: folder.path, reason: 'taken for build output by its name; name the folder to read it' };
      return;
    }
    const rules = names.has('.gitignore') ? await this.readRules(folder.rules, folder.path) : folder.rules;
    const sorted = [...entries].sort((a, b) => (a.name < b.name ? 1 : a.name > b.name ? -1 : 0));
    for (const entry of sorted) {
      const path = joinPath(folder.path, entry.name);
      if (entry.kind === 'link') {
        yield* this.link(path, realRoot, rules);
        continue;
      }
      const isFolder = entry.kind === 'directory';
      const component = isFolder ? undefined : COMPONENT.exec(entry.name)?.[1].toLowerCase();
      if (component !== undefined && !isIgnored(rules, path, false)) this.components.set(component, (this.components.get(component) ?? 0) + 1);
      if (isFolder ? FOREIGN_FOLDER.test(entry.name) : !languageOf(entry.name)) continue;
      if (isIgnored(rules, path, isFolder)) continue;
      if (isFolder && (await this.options.isExcluded?.(path, true))) continue;
      stack.push({ path, kind: entry.kind, rules, depth: folder.depth + 1 });
    }
  }

  /** Tells of a link only when a source file or a folder outside stands behind it; inside, its target is found anyway. */
  private async *link(path: string, realRoot: string, rules: IgnoreRules | undefined): AsyncGenerator<DiscoveryItem> {
    const name = nameOf(path);
    if (FOREIGN_FOLDER.test(name) || isIgnored(rules, path, false) || isIgnored(rules, path, true)) return;
    const target = await this.files.realPath(path);
    if (target === undefined || relativePath(realRoot, target) !== undefined) return;
    const kind = await this.files.kindOf(path);
    if (kind === 'directory' || (kind === 'file' && languageOf(name))) yield { kind: 'skipped', file: path, reason: 'a link to outside the folder' };
  }

  /** The rules of the repository's folders above `root`; none where they would leave out `root` itself, which was asked for. */
  private async rulesAbove(root: string): Promise<IgnoreRules | undefined> {
    const above: string[] = [];
    for (let folder = root; ; folder = parentOf(folder)) {
      if (folder !== root) above.unshift(folder);
      if (await this.files.kindOf(joinPath(folder, '.git'))) break;
      if (parentOf(folder) === folder) return undefined;
    }
    let rules: IgnoreRules | undefined;
    for (const folder of above) {
      if ((await this.files.kindOf(joinPath(folder, '.gitignore'))) === 'file') rules = await this.readRules(rules, folder);
    }
    for (let folder = root; above[0] !== undefined && folder !== above[0]; folder = parentOf(folder)) {
      if (isIgnored(rules, folder, true)) return undefined;
    }
    return rules;
  }

  private async readRules(above: IgnoreRules | undefined, folder: string): Promise<IgnoreRules | undefined> {
    try {
      const bytes = await this.files.read(joinPath(folder, '.gitignore'), MAXIMUM_IGNORE_FILE);
      return addIgnoreRules(above, folder, decodeUtf8(bytes));
    } catch {
      return above;
    }
  }
}
