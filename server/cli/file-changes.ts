// Changes of files on the disk, gathered until there is quiet.
import type { Stats } from 'node:fs';
import type { FSWatcher } from 'chokidar';
import { nodeFiles } from '../disk/node-files';
import { isForeign } from '../workspace/discovery';
import { joinPath, nameOf, parentOf, relativePath } from '../workspace/file-system';
import { languageOf } from '../workspace/languages';
import { CannotRun } from './terminal';

export interface Changed {
  /** A configuration is another. */
  readonly isConfigured: boolean;
  /** The files that have another text; absent where files have come or gone. */
  readonly edited?: ReadonlySet<string>;
}

/** Milliseconds without a change before work begins: editors and git write many files at a time. */
const QUIET = 100;
/** Milliseconds between looks for a place that has vanished: nothing tells of it when it is back. */
const LOOK = 500;
const CONFIGURATIONS = ['lockset.toml', 'pyproject.toml', '.gitignore'];

/** Changes of files and folders and of the configurations that apply to them. `close` it in the end. */
export class FileChanges {
  private edited = new Set<string>();
  private isConfigured = false;
  private isMore = false;
  private timer: NodeJS.Timeout | undefined;
  private waiting: { readonly resolve: (changed: Changed) => void; readonly reject: (error: unknown) => void } | undefined;

  private readonly vanished = new Set<string>();
  /** It alone keeps the program alive. */
  private readonly looking = setInterval(() => this.lookForVanished(), LOOK);

  private constructor(
    private readonly watcher: FSWatcher,
    private readonly places: readonly string[],
  ) {
    watcher.on('all', (event, path) => this.note(event, path.replaceAll('\\', '/')));
    watcher.on('error', (error) => this.waiting?.reject(cannotWatch(error)));
  }

  /** Watches places (absolute, forward slashes); `configuration` is the one configuration file, where there is no other. */
  static async of(places: readonly string[], configuration: string | undefined): Promise<FileChanges> {
    const configurations = configuration === undefined ? places.flatMap(configurationsAbove) : [configuration];
    const { watch } = await import('chokidar');
    const watcher = watch([...places, ...configurations], {
      // What it begins to watch while it is closed stays open, and would keep the program from ending.
      persistent: false,
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path, stats) => isIgnored(path.replaceAll('\\', '/'), places, stats),
    });
    const changes = new FileChanges(watcher, places);
    await new Promise<void>((resolve, reject) => {
      watcher.once('ready', resolve);
      watcher.once('error', (error) => reject(cannotWatch(error)));
    });
    return changes;
  }

  /** What has changed since the last answer, as soon as something has and there is quiet again. */
  next(): Promise<Changed> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      if (!this.timer) this.answer();
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    clearInterval(this.looking);
    await this.watcher.close();
  }

  private note(event: string, path: string): void {
    if (!languageOf(path) && event !== 'addDir' && event !== 'unlinkDir') this.isConfigured = true;
    else if (event === 'change') this.edited.add(path);
    // A new folder is told by what is in it.
    else if (event !== 'addDir') this.isMore = true;
    if (event === 'unlinkDir' && this.places.includes(path)) this.vanished.add(path);
    this.answerSoon();
  }

  private lookForVanished(): void {
    for (const place of this.places) {
      if (nodeFiles.kindOf(place) === undefined) this.vanished.add(place);
      else if (this.vanished.delete(place)) {
        this.watcher.add(place);
        this.isMore = true;
        this.answerSoon();
      }
    }
  }

  private answerSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.answer();
    }, QUIET);
  }

  private answer(): void {
    const { waiting, edited, isConfigured, isMore } = this;
    if (!waiting || !(isConfigured || isMore || edited.size > 0)) return;
    [this.waiting, this.edited, this.isConfigured, this.isMore] = [undefined, new Set(), false, false];
    waiting.resolve({ isConfigured, ...(!isMore && { edited }) });
  }
}

function isIgnored(path: string, places: readonly string[], stats: Stats | undefined): boolean {
  const place = places.find((each) => relativePath(each, path) !== undefined);
  const inside = place === undefined ? '' : (relativePath(place, path) ?? '');
  if (inside === '' || CONFIGURATIONS.includes(nameOf(path))) return false;
  return inside.split('/').some(isForeign) || (stats?.isFile() === true && !languageOf(path));
}

/** Systems watch so many files and no more. */
function cannotWatch(error: unknown): CannotRun {
  return new CannotRun(`cannot watch for changes: ${error instanceof Error ? error.message : String(error)}`);
}

/** The configurations that apply to a place from above, up to the top of its repository. */
function configurationsAbove(place: string): string[] {
  const found: string[] = [];
  for (let folder = place; nodeFiles.kindOf(joinPath(folder, '.git')) === undefined && parentOf(folder) !== folder; ) {
    folder = parentOf(folder);
    found.push(...CONFIGURATIONS.map((name) => joinPath(folder, name)).filter((file) => nodeFiles.kindOf(file) === 'file'));
  }
  return found;
}
