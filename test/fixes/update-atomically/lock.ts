// A lock in shared memory, which is looked at and then taken.
const FREE = 0;
const HELD = 1;

export class SharedLock {
  constructor(private readonly word: Int32Array) {}

  acquire(): void {
    while (Atomics.load(this.word, 0) === HELD) {
      Atomics.wait(this.word, 0, HELD);
    }
    Atomics.store(this.word, 0, HELD);
  }

  release(): void {
    Atomics.store(this.word, 0, FREE);
    Atomics.notify(this.word, 0, 1);
  }

  run(body: () => void): void {
    this.acquire();
    try {
      body();
    } finally {
      this.release();
    }
  }
}

export function tryOnce(word: Int32Array, body: () => void): boolean {
  // Somebody else has it.
  if (Atomics.load(word, 0) !== FREE) return false;
  Atomics.store(word, 0, HELD);
  body();
  Atomics.store(word, 0, FREE);
  return true;
}
