// A fast 64-bit content hash for caches and change detection; not for anything that must resist an attacker.

/** Takes in strings and numbers and gives one hash of them all; the order and the borders between them count. */
export class Hasher {
  private a = 0x811c9dc5;
  private b = 0x9747b28c;

  add(part: string | number): this {
    if (typeof part === 'number') {
      this.mix(part | 0);
    } else {
      for (let i = 0; i < part.length; i++) this.mix(part.charCodeAt(i));
      this.mix(part.length ^ 0x5f5f5f5f);
    }
    return this;
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    const a = this.a ^ (this.a >>> 16);
    const b = this.b ^ (this.b >>> 13);
    return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
  }

  /** Two 32-bit lanes: FNV-1a beside a multiply-and-shift in the manner of murmur. */
  private mix(unit: number): void {
    this.a = Math.imul(this.a ^ unit, 0x01000193);
    const b = Math.imul(this.b ^ unit, 0x5bd1e995);
    this.b = b ^ (b >>> 15);
  }
}

/** The hash of one text. */
export function hashText(text: string): string {
  return new Hasher().add(text).digest();
}
