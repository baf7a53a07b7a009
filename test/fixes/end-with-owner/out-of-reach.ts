// Handles that the end cannot get hold of, and ends that have nowhere to stand.
export class Poller {
  private last = 0;

  constructor(private readonly read: () => number) {}

  start(): void {
    // A second start would put its own over the first.
    setInterval(() => {
      this.last = this.read();
    }, 1000);
  }

  stop(): void {
    this.last = 0;
  }
}

export class Chart {
  private width = 0;

  constructor(private readonly host: HTMLElement) {
    new ResizeObserver(() => this.measure()).observe(host);
  }

  destroy(): void {
    this.host.textContent = '';
  }

  private measure(): void {
    this.width = this.host.clientWidth;
  }
}
