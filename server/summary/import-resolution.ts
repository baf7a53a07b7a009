// Import resolution: which file of the workspace an import means. What it does not find is taken to be a library.
import type { Language } from '../model/module';

/** An index of the workspace's files by the ways imports can name them. */
export class ImportIndex {
  private readonly files: ReadonlySet<string>;
  private readonly answers = new Map<string, string | undefined>();
  /** Python: last segment of the module name → files. */
  private readonly pythonByTail = new Map<string, string[]>();

  constructor(files: Iterable<string>) {
    this.files = new Set(files);
    for (const file of this.files) {
      if (!/\.pyi?$/.test(file)) continue;
      const tail = pythonModulePath(file).split('/').pop()!;
      const list = this.pythonByTail.get(tail);
      if (list) list.push(file);
      else this.pythonByTail.set(tail, [file]);
    }
  }

  /** The file that `specifier`, standing in `from`, means; undefined when it is none of the workspace's. */
  resolve(from: string, language: Language, specifier: string): string | undefined {
    const question = `${from}\n${specifier}`;
    if (this.answers.has(question)) return this.answers.get(question);
    const file = this.find(from, language, specifier);
    this.answers.set(question, file);
    return file;
  }

  private find(from: string, language: Language, specifier: string): string | undefined {
    return language === 'python' ? this.resolvePython(from, specifier) : this.resolveTypeScript(from, specifier);
  }

  /** The file of a submodule `name` of the package whose `__init__` is `packageFile`. */
  submodule(packageFile: string, name: string): string | undefined {
    if (!/\/__init__\.pyi?$/.test(packageFile)) return undefined;
    return this.pythonFile(`${directoryOf(packageFile)}/${name}`);
  }

  private resolvePython(from: string, specifier: string): string | undefined {
    const dots = /^\.*/.exec(specifier)![0].length;
    const rest = specifier.slice(dots).split('.').filter(Boolean).join('/');
    if (dots > 0) return this.pythonFile(besides(from, `${'../'.repeat(dots - 1)}${rest}`));
    let best: string | undefined;
    let bestShared = -1;
    for (const file of this.pythonByTail.get(rest.split('/').pop()!) ?? []) {
      const path = pythonModulePath(file);
      if (path !== rest && !path.endsWith(`/${rest}`)) continue;
      // The directory that would be on sys.path has to hold the importing file, or lie beside it as a source root.
      const root = path.slice(0, path.length - rest.length);
      const shared = sharedLength(from, file);
      const fits = from.startsWith(root) || root.endsWith('/src/') || root.endsWith('/lib/');
      if (fits && (shared > bestShared || (shared === bestShared && file < best!))) {
        best = file;
        bestShared = shared;
      }
    }
    return best === from ? undefined : best;
  }

  private pythonFile(path: string): string | undefined {
    for (const candidate of [`${path}.py`, `${path}/__init__.py`, `${path}.pyi`]) if (this.files.has(candidate)) return candidate;
    return undefined;
  }

  private resolveTypeScript(from: string, specifier: string): string | undefined {
    if (!specifier.startsWith('.')) return undefined;
    const path = besides(from, specifier);
    const bare = path.replace(/\.(?:js|mjs|cjs|jsx)$/, '');
    const candidates = [path];
    for (const extension of ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs']) candidates.push(path + extension, bare + extension);
    for (const extension of ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs']) candidates.push(`${path}/index${extension}`);
    return candidates.find((candidate) => this.files.has(candidate));
  }
}

/** `a/b/__init__.py` → `a/b`, `a/b.py` → `a/b`. */
function pythonModulePath(file: string): string {
  return file.replace(/(?:\/__init__)?\.pyi?$/, '');
}

function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The path that `relative` means beside the file `from`. */
function besides(from: string, relative: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function sharedLength(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}
