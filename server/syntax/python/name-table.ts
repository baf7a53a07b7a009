// Name table: gives each spelling one string, so that lowering compares and hashes names without copying them out.

const START_SIZE = 4096;
/** Beyond this many spellings the table starts anew; strings already given out stay good. */
const MOST_NAMES = 200_000;

/** Spellings to strings, kept over files: programs share most of their names. */
export class NameTable {
  private slots: (string | undefined)[] = new Array(START_SIZE);
  private hashes = new Int32Array(START_SIZE);
  private count = 0;

  /** The string between two UTF-16 offsets of a text. */
  intern(text: string, start: number, end: number): string {
    let hash = end - start;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
    const mask = this.slots.length - 1;
    let at = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const candidate = this.slots[at];
      if (candidate === undefined) break;
      if (this.hashes[at] === hash && sameText(candidate, text, start, end)) return candidate;
      at = (at + 1) & mask;
    }
    const name = text.slice(start, end);
    this.slots[at] = name;
    this.hashes[at] = hash;
    if (++this.count * 2 > this.slots.length) this.grow();
    return name;
  }

  private grow(): void {
    const old = this.count > MOST_NAMES ? [] : this.slots;
    const oldHashes = this.hashes;
    const size = this.count > MOST_NAMES ? START_SIZE : this.slots.length * 2;
    this.slots = new Array(size);
    this.hashes = new Int32Array(size);
    if (old.length === 0) this.count = 0;
    for (let i = 0; i < old.length; i++) {
      const name = old[i];
      if (name === undefined) continue;
      const hash = oldHashes[i];
      let at = (hash ^ (hash >>> 15)) & (size - 1);
      while (this.slots[at] !== undefined) at = (at + 1) & (size - 1);
      this.slots[at] = name;
      this.hashes[at] = hash;
    }
  }
}

function sameText(name: string, text: string, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) !== text.charCodeAt(start + i)) return false;
  return true;
}
