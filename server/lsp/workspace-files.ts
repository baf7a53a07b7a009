// The files of the analysis: open documents first, the disk behind them, indexed in slices in the background.
import type { FrontEnd } from '../lower/front-end';
import type { Language } from '../model/module';
import { decodeSource } from '../workspace/decoding';
import { discover } from '../workspace/discovery';
import { type FileSystem, nameOf, relativePath } from '../workspace/file-system';
import { languageOf } from '../workspace/languages';
import { looksMinified, roleOf, saysGenerated } from '../workspace/roles';
import type { FileChange } from '../workspace/snapshot';
import type { IndexingState } from './analysis-channel';

/** Longer files are not analysed; source that people write is far below this. In UTF-16 units, and in bytes on disk. */
const MAXIMUM_LENGTH = 4_000_000;

/** What the files need of the analysis they belong to. */
export interface FilesOwner {
  change(changes: readonly FileChange[]): void;
  frontEnd(language: Language): Promise<FrontEnd | undefined>;
  /** Settles which configuration a file has, before it is analysed. */
  configure(file: string): Promise<void>;
  isExcluded(path: string): Promise<boolean>;
  /** Whether tests and the like are read from disk, too. */
  wantsExempt(file: string): Promise<boolean>;
  /** Whether work in the background should let others have a turn. */
  shouldPause(): boolean;
  indexing(state: IndexingState['state'], done: number, total: number): void;
  log(level: 'info' | 'warning', message: string): void;
}

interface OpenDocument {
  readonly version: number;
  readonly text: string;
}

/** Folders whose files are somebody else's code, also when one of them is open in an editor. */
const FOREIGN = /(?:^|\/)(?:node_modules|site-packages|dist-packages|\.?venv|__pypackages__)\//;

export class WorkspaceFiles {
  private readonly open = new Map<string, OpenDocument>();
  /** Files from disk that the analysis has. */
  private readonly known = new Set<string>();
  /** Files to be read again. */
  private readonly stale = new Set<string>();
  private readonly skippedFiles = new Map<string, string>();
  private index: AsyncGenerator<void, void> | undefined;
  /** What an indexing has read and not handed over yet. */
  private readonly fresh: FileChange[] = [];
  /** Grows with each indexing and each stop, so that a walk that is over notices. */
  private round = 0;
  /** How far the last indexing got. */
  private progress = { done: 0, total: 0 };
  private folders: readonly string[] = [];
  /** Whether an indexing is under way, or has been asked for. */
  isIndexing = false;
  /** How many the last one has left out because they are tests and the like. */
  leftOut = 0;
  /** Whether a person has stopped the last one. */
  isStopped = false;

  constructor(
    private readonly disk: FileSystem | undefined,
    private readonly owner: FilesOwner,
  ) {}

  /** What was left out and why. */
  get skipped(): readonly { readonly file: string; readonly reason: string }[] {
    const { done, total } = this.progress;
    const stopped = { file: '', reason: total > 0 ? `reading was stopped after ${done} of ${total} files` : 'looking for files was stopped' };
    return [...(this.isStopped ? [stopped] : []), ...[...this.skippedFiles].map(([file, reason]) => ({ file, reason }))];
  }

  versionOf(file: string): number | undefined {
    return this.open.get(file)?.version;
  }

  openOrChange(file: string, version: number, text: string): void {
    this.open.set(file, { version, text });
    this.stale.delete(file);
    if (text.length > MAXIMUM_LENGTH) {
      if (!this.skippedFiles.has(file))
        this.owner.log('warning', `${nameOf(file)} is not analysed: it is longer than ${MAXIMUM_LENGTH / 1_000_000} million characters.`);
      this.skippedFiles.set(file, 'too long');
      this.owner.change([{ file, text: undefined }]);
      return;
    }
    this.skippedFiles.delete(file);
    this.owner.change([{ file, text, editing: true, exempt: this.isExempt(file, text) }]);
  }

  /** From now on the file is what the disk says: that, or nothing. */
  close(file: string): void {
    if (this.open.delete(file)) this.stale.add(file);
  }

  watched(changed: readonly string[], deleted: readonly string[]): void {
    for (const file of changed) {
      if (this.open.has(file)) continue;
      if (this.known.has(file)) this.stale.add(file);
      // A new file: only a walk knows whether ignore rules and settings want it. Who has stopped one wants none for that.
      else if (!this.isStopped && languageOf(file) && this.isInFolder(file)) this.reindex();
    }
    for (const path of deleted) {
      if (this.known.has(path)) this.stale.add(path);
      else if (!languageOf(path)) for (const file of this.known) if (file.startsWith(`${path}/`)) this.stale.add(file);
    }
  }

  setFolders(folders: readonly string[]): void {
    this.folders = folders;
    this.reindex();
  }

  /** Walks the folders again; reads only what is new, and drops what is gone. */
  reindex(): void {
    if (!this.disk) return;
    void this.index?.return();
    this.index = this.walk(this.disk, ++this.round);
    this.progress = { done: 0, total: 0 };
    this.isIndexing = true;
    this.isStopped = false;
  }

  /** What has been read so far is kept. */
  stopIndexing(): void {
    if (!this.isIndexing) return;
    void this.index?.return();
    this.index = undefined;
    this.round++;
    this.isIndexing = false;
    this.isStopped = true;
    this.owner.log('info', 'Indexing was stopped; files that are not open may be missing from the analysis.');
    this.owner.indexing('stop', this.progress.done, this.progress.total);
  }

  /** Hands over what an indexing has read so far; it goes on. What was opened meanwhile is newer than the disk. */
  handOver(): void {
    const changes = this.fresh.splice(0);
    for (const { file } of changes) this.known.add(file);
    this.owner.change(changes.filter((change) => !this.open.has(change.file)));
  }

  /** Reads one file again at once, if that is due: somebody asks for it. */
  async freshen(file: string): Promise<void> {
    if (this.stale.delete(file)) await this.readAgain(file);
  }

  /** Does a slice of background work; false when there is none left. */
  async step(): Promise<boolean> {
    for (const file of this.stale) {
      this.stale.delete(file);
      await this.readAgain(file);
      if (this.owner.shouldPause()) return true;
    }
    if (!this.index) return false;
    const index = this.index;
    const { done } = await index.next();
    if (done && this.index === index) {
      this.index = undefined;
      this.isIndexing = false;
    }
    return true;
  }

  private async *walk(disk: FileSystem, round: number): AsyncGenerator<void, void> {
    const tell = (state: IndexingState['state'], done: number, total: number) => {
      if (this.round !== round) return;
      this.progress = { done, total };
      this.owner.indexing(state, done, total);
    };
    const found = new Set<string>();
    const toRead: string[] = [];
    let leftOut = 0;
    for await (const item of discover(disk, this.folders, { isExcluded: (path) => this.owner.isExcluded(path) })) {
      if (item.kind === 'skipped') this.skippedFiles.set(item.file, item.reason);
      // As on the command line: what is not reported is no evidence either.
      else if (item.role === 'source' || (await this.owner.wantsExempt(item.file))) {
        found.add(item.file);
        if (!this.known.has(item.file)) toRead.push(item.file);
      } else leftOut++;
      if (this.owner.shouldPause()) {
        tell('search', 0, 0);
        yield;
      }
    }
    const gone = [...this.known].filter((file) => !found.has(file));
    for (const file of gone) this.forget(file);
    this.leftOut = leftOut;
    const total = found.size;
    const before = total - toRead.length;
    if (toRead.length === 0) return tell('end', total, total);
    tell('begin', before, total);
    const hidden: string[] = [];
    try {
      for (const [index, file] of toRead.entries()) {
        if (this.open.has(file)) hidden.push(file);
        else {
          const change = await this.read(disk, file);
          if (change) this.fresh.push(await this.lower(change));
        }
        if (this.round !== round) return;
        this.progress = { done: before + index + 1, total };
        if (this.owner.shouldPause()) {
          tell('report', before + index + 1, total);
          yield;
        }
      }
    } finally {
      // Also when the walk is stopped half way.
      for (const file of hidden) {
        this.known.add(file);
        if (!this.open.has(file)) this.stale.add(file);
      }
      this.handOver();
    }
    tell('end', total, total);
  }

  /** Lowering here, file by file, lets requests in between; the analysis takes the finished models all at once. */
  private async lower(change: FileChange): Promise<FileChange> {
    await this.owner.configure(change.file);
    const language = languageOf(change.file);
    const frontEnd = language && (await this.owner.frontEnd(language));
    return frontEnd && change.text !== undefined ? { ...change, module: frontEnd.lower(change.file, change.text) } : change;
  }

  private async readAgain(file: string): Promise<void> {
    if (this.open.has(file)) return;
    // What no walk has found was only there because it was open: it is ignored, or lies outside.
    const change = this.disk && this.known.has(file) ? await this.read(this.disk, file) : undefined;
    if (this.open.has(file)) return;
    if (change) this.owner.change([change]);
    else this.forget(file);
  }

  private forget(file: string): void {
    this.known.delete(file);
    if (!this.open.has(file)) this.owner.change([{ file, text: undefined }]);
  }

  /** A file's text as a change; undefined when it is gone or not readable, which is noted. */
  private async read(disk: FileSystem, file: string): Promise<FileChange | undefined> {
    const language = languageOf(file);
    if (!language) return undefined;
    try {
      // A link may have taken the file's place since the walk, and may lead out of the workspace.
      const real = await disk.realPath(file);
      if (real === undefined) return undefined;
      if (real !== file && !(await this.isInRealFolder(disk, real))) throw new Error('a link to outside the folder');
      const decoded = decodeSource(await disk.read(file, MAXIMUM_LENGTH), language);
      if ('refused' in decoded) throw new Error(decoded.refused);
      const exempt = this.isExempt(file, decoded.text);
      if (exempt && !(await this.owner.wantsExempt(file))) return undefined;
      if (language === 'typescript' && looksMinified(decoded.text)) throw new Error('minified');
      this.skippedFiles.delete(file);
      return { file, text: decoded.text, exempt };
    } catch (error) {
      this.skippedFiles.set(file, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  private async isInRealFolder(disk: FileSystem, real: string): Promise<boolean> {
    for (const folder of this.folders) {
      const realFolder = await disk.realPath(folder);
      if (realFolder !== undefined && relativePath(realFolder, real) !== undefined) return true;
    }
    return false;
  }

  private isInFolder(file: string): boolean {
    return this.folders.some((folder) => relativePath(folder, file) !== undefined);
  }

  private isExempt(file: string, text: string): boolean {
    const folder = this.folders.find((candidate) => relativePath(candidate, file) !== undefined);
    const path = (folder && relativePath(folder, file)) ?? nameOf(file);
    return FOREIGN.test(path) || roleOf(path) !== 'source' || saysGenerated(text);
  }
}
