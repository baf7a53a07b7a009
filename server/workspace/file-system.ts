// The file system as discovery and configuration see it, so that they run on a disk, in a virtual workspace and in tests.

/** What an entry of a folder is; a link is not followed to tell. */
export type EntryKind = 'file' | 'directory' | 'link' | 'other';

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

type MaybePromise<T> = T | Promise<T>;

/** Paths are absolute, with forward slashes. Methods that fail throw an Error whose message is fit for a person. */
export interface FileSystem {
  readDirectory(path: string): MaybePromise<readonly DirectoryEntry[]>;
  /** The contents of a regular file. Anything else, and a file of more than `limit` bytes, throws a `FileRefused`. */
  read(path: string, limit: number): MaybePromise<Uint8Array>;
  /** What stands at a path, links followed; undefined when nothing does. */
  kindOf(path: string): MaybePromise<Exclude<EntryKind, 'link'> | undefined>;
  /** The path with all links followed; undefined when that leads nowhere. */
  realPath(path: string): MaybePromise<string | undefined>;
}

/** A file that is there but is not read, and why: too large, a pipe, no permission. */
export class FileRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'FileRefused';
  }
}

/** The folder of a path; the root is its own folder. */
export function parentOf(path: string): string {
  const at = path.lastIndexOf('/');
  if (at < 0) return path;
  if (at === 0) return '/';
  return at === 2 && path[1] === ':' ? path.slice(0, 3) : path.slice(0, at);
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A folder's path and the name of something in it. */
export function joinPath(folder: string, name: string): string {
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

/** `path` as seen from `folder`, without a leading slash; '' for the folder itself; undefined when it is not inside. */
export function relativePath(folder: string, path: string): string | undefined {
  if (path === folder) return '';
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}
