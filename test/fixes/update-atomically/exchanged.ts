// Who takes from the ring compares and exchanges: to make room is to take, not to add.
const HEAD = 0;
const TAIL = 1;

export class Producer {
  constructor(private readonly header: Int32Array) {}

  push(): void {
    const head = Atomics.load(this.header, HEAD);
    if (head - Atomics.load(this.header, TAIL) >= 16) this.dropOldest();
    Atomics.store(this.header, HEAD, head + 1);
  }

  private dropOldest(): void {
    const tail = Atomics.load(this.header, TAIL);
    Atomics.store(this.header, TAIL, tail + 1);
  }

  connect(port: MessagePort): void {
    port.postMessage({ header: this.header });
  }
}

export class Consumer {
  constructor(private readonly header: Int32Array) {}

  take(): boolean {
    const tail = Atomics.load(this.header, TAIL);
    if (tail === Atomics.load(this.header, HEAD)) return false;
    return Atomics.compareExchange(this.header, TAIL, tail, tail + 1) === tail;
  }
}
