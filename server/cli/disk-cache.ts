// The cache on disk: small blobs by key, written whole or not at all, checked when read, bounded in size.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

export interface CacheLimits {
  /** Bytes on disk above which the blobs that were not used for longest go. */
  readonly maximumSize: number;
}

const DEFAULT_LIMITS: CacheLimits = { maximumSize: 400_000_000 };
/** A blob that says it is larger once unpacked is not unpacked. */
const MAXIMUM_UNPACKED = 512_000_000;
const MAGIC = 'LKS1';
const HEADER = MAGIC.length + 32;
const DAY = 86_400_000;

/** Where caches belong on this machine. */
export function defaultCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const base = environment['XDG_CACHE_HOME'];
  if (base?.startsWith('/')) return join(base, 'lockset');
  if (process.platform === 'win32' && environment['LOCALAPPDATA']) return join(environment['LOCALAPPDATA'], 'lockset', 'cache');
  return join(homedir(), '.cache', 'lockset');
}

/** A cache that cannot be read or written is as good as none: nothing here throws. */
export class DiskCache {
  private broken = false;

  /** `identity` sets apart what different versions of the analysis wrote. */
  constructor(
    private readonly folder: string,
    private readonly identity: string,
    private readonly limits: CacheLimits = DEFAULT_LIMITS,
  ) {}

  /** What another thread needs to use the same cache. */
  get place(): { readonly folder: string; readonly identity: string } {
    return { folder: this.folder, identity: this.identity };
  }

  /** The key of something that depends on nothing but the parts. */
  keyOf(...parts: readonly string[]): string {
    const hash = createHash('sha256').update(this.identity);
    for (const part of parts) hash.update('\0').update(part);
    return hash.digest('hex').slice(0, 40);
  }

  /** The text under a key; undefined when there is none, or when what is there is not what was written. */
  read(key: string): string | undefined {
    const path = this.pathOf(key);
    let blob: Buffer;
    try {
      blob = readFileSync(path);
    } catch {
      return undefined;
    }
    try {
      if (blob.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) throw new Error('not a blob of ours');
      const packed = blob.subarray(HEADER);
      if (!checksum(key, packed).equals(blob.subarray(MAGIC.length, HEADER))) throw new Error('damaged');
      const text = inflateRawSync(packed, { maxOutputLength: MAXIMUM_UNPACKED }).toString('utf8');
      this.touch(path);
      return text;
    } catch {
      remove(path);
      return undefined;
    }
  }

  write(key: string, text: string): void {
    if (this.broken) return;
    const path = this.pathOf(key);
    const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    try {
      const packed = deflateRawSync(text, { level: 1 });
      makeFolder(dirname(path));
      writeFileSync(temporary, Buffer.concat([Buffer.from(MAGIC, 'latin1'), checksum(key, packed), packed]), { flag: 'wx', mode: 0o600 });
      renameSync(temporary, path);
    } catch {
      // A full or read-only disk: go on without, and do not try a thousand times more.
      this.broken = true;
      remove(temporary);
    }
  }

  /** Takes away what was not used for longest until the rest is below the limit. Call after writing much. */
  evict(): void {
    try {
      const blobs = readdirSync(this.folder).flatMap((shelf) => {
        if (!/^[0-9a-f]{2}$/.test(shelf)) return [];
        return readdirSync(join(this.folder, shelf)).map((name) => {
          const path = join(this.folder, shelf, name);
          const stats = statSync(path, { throwIfNoEntry: false });
          return { path, size: stats?.size ?? 0, used: stats?.mtimeMs ?? 0 };
        });
      });
      let size = blobs.reduce((sum, blob) => sum + blob.size, 0);
      if (size <= this.limits.maximumSize) return;
      // Well below the limit, so that this does not come up again at once.
      for (const blob of blobs.sort((a, b) => a.used - b.used)) {
        if (size <= this.limits.maximumSize * 0.8) return;
        remove(blob.path);
        size -= blob.size;
      }
    } catch {
      this.broken = true;
    }
  }

  private pathOf(key: string): string {
    return join(this.folder, key.slice(0, 2), key.slice(2));
  }

  /** Notes that a blob was used; once a day is enough to know which are old. */
  private touch(path: string): void {
    try {
      const now = Date.now();
      if (now - statSync(path).mtimeMs > DAY) utimesSync(path, now / 1000, now / 1000);
    } catch {
      // Somebody else may have taken it away meanwhile.
    }
  }
}

/** With those above it. Not by `recursive`, which tries for ever where the system says that a folder which is there is not (`/proc`). */
function makeFolder(path: string, isLastTry = false): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || isLastTry || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    makeFolder(path, true);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is not in anybody's way: what is written next goes beside it, what is damaged is not believed.
  }
}

/** Over the key too, so that a blob moved under another name is not taken for what belongs there. */
function checksum(key: string, packed: Buffer): Buffer {
  return createHash('sha256').update(key).update(packed).digest();
}
