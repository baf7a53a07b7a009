// The disk: the file system that discovery and configuration see, by Node. Only ever reads.
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DirectoryEntry, type EntryKind, FileRefused, type FileSystem } from '../workspace/file-system';

/** An absolute path with forward slashes, as the analysis wants them, of a path as a person gives it. */
export function absolutePath(path: string, folder: string = process.cwd()): string {
  const absolute = resolve(folder, path);
  return process.platform === 'win32' ? absolute.replaceAll('\\', '/') : absolute;
}

/** Opening a pipe would wait for its other end for ever, so nothing is opened in a way that waits. */
const OPEN = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

export const nodeFiles: FileSystem = {
  readDirectory(path: string): DirectoryEntry[] {
    try {
      return readdirSync(path, { withFileTypes: true }).map((entry) => ({ name: entry.name, kind: kindOf(entry, entry.isSymbolicLink()) }));
    } catch (error) {
      throw new FileRefused(reasonOf(error));
    }
  },

  read(path: string, limit: number): Uint8Array {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(path, OPEN);
      const stats = fstatSync(descriptor);
      if (!stats.isFile()) throw new FileRefused('not a regular file');
      if (stats.size > limit) throw new FileRefused(`too large (${megabytes(stats.size)} MB; the limit is ${megabytes(limit)} MB)`);
      const bytes = Buffer.allocUnsafe(stats.size);
      let length = 0;
      while (length < bytes.length) {
        const count = readSync(descriptor, bytes, length, bytes.length - length, length);
        if (count === 0) break;
        length += count;
      }
      return bytes.subarray(0, length);
    } catch (error) {
      throw error instanceof FileRefused ? error : new FileRefused(reasonOf(error));
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  },

  kindOf(path: string): Exclude<EntryKind, 'link'> | undefined {
    try {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats && kindOf(stats, false);
    } catch {
      return undefined;
    }
  },

  realPath(path: string): string | undefined {
    try {
      return absolutePath(realpathSync.native(path));
    } catch {
      return undefined;
    }
  },
};

function kindOf(stats: { isFile(): boolean; isDirectory(): boolean }, isLink: false): 'file' | 'directory' | 'other';
function kindOf(stats: { isFile(): boolean; isDirectory(): boolean }, isLink: boolean): EntryKind;
function kindOf(stats: { isFile(): boolean; isDirectory(): boolean }, isLink: boolean): EntryKind {
  if (isLink) return 'link';
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ENOENT: 'no longer there',
  ENAMETOOLONG: 'its path is too long',
  ELOOP: 'a circle of links',
  ENXIO: 'not a regular file',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (code ? `cannot be read (${code})` : String(error));
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
