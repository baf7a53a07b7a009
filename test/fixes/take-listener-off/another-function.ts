import { bus } from './bus';

// A new function each time: nobody has it any more when the end comes.
export class Inline {
  private count = 0;

  constructor() {
    bus.on('tick', () => {
      this.count++;
    });
  }

  close(): void {
    this.count = 0;
  }
}

// The handler is put in anew.
export class Replaced {
  private count = 0;
  private handler = (): void => {
    this.count++;
  };

  start(): void {
    bus.on('tick', this.handler);
    this.handler = () => {
      this.count--;
    };
  }

  stop(): void {
    this.count = 0;
  }
}

// Bound on the way.
export class Bound {
  private count = 0;

  constructor() {
    window.addEventListener('resize', this.tick.bind(this));
  }

  private tick(): void {
    this.count++;
  }

  dispose(): void {
    this.count = 0;
  }
}
