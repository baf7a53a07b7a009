import { shared } from './shared';

export class Follower {
  private readonly list: string[] = [];

  private add = (name: string): void => {
    this.list.push(name);
  };

  follow(): void {
    shared.changes.addListener('added', this.add);
  }

  async close(): Promise<void> {
    shared.changes.removeListener('added', this.add);
    await Promise.resolve();
    this.list.length = 0;
  }
}
