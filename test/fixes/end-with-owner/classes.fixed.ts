// What classes start, keep or drop, and do not end.
import { Worker } from 'node:worker_threads';

export class Sampler {
  private flush: NodeJS.Timeout | null = null;
  private readonly samples: number[] = [];

  constructor(private readonly send: (samples: number[]) => void) {}

  start(): void {
    this.flush = setInterval(() => this.send(this.samples.splice(0)), 5000);
  }

  stop(): void {
    if (this.flush) clearInterval(this.flush);
    // Nothing of it is sent any more.
    this.samples.length = 0;
  }
}

export class Heartbeat {
  private readonly _beats: number[] = [];
  private readonly _timer: ReturnType<typeof setInterval>;

  constructor(private readonly socket: { ping(): void; end(): void }) {
    this._timer = setInterval(() => this.socket.ping(), 30_000);
  }

  close(): void {
    clearInterval(this._timer);
    this._beats.length = 0;
    this.socket.end();
  }
}

export class Index {
  private readonly worker = new Worker(new URL('./indexer.js', import.meta.url));
  private readonly words = new Map<string, number>();

  add(text: string): void {
    this.worker.postMessage(text);
  }

  async close(): Promise<void> {
    await this.worker.terminate();
    this.words.clear();
  }
}
