// What is asked for or used before the await belongs to the value from then.
interface Api {
  page(number: number): Promise<string[]>;
  save(total: number): Promise<void>;
  price(item: string): Promise<number>;
}

export class List {
  private page = 0;
  private total = 0;
  private items: string[] = [];
  private mode = 'idle';

  constructor(private readonly api: Api) {}

  /** The number is sent. */
  async next(): Promise<void> {
    const next = this.page + 1;
    this.items.push(...(await this.api.page(next)));
    this.page = next;
  }

  /** What was there is put back. */
  async quietly(work: () => Promise<void>): Promise<void> {
    const before = this.mode;
    await work();
    this.mode = before;
  }

  /** A statement beside it on its line. */
  async add(item: string): Promise<void> {
    const before = this.total; const price = await this.api.price(item);
    this.total = before + price;
  }

  /** Each round starts from the same number. */
  async each(items: string[]): Promise<void> {
    const base = this.total;
    for (const item of items) {
      const price = await this.api.price(item);
      this.total = base + price;
    }
  }

  /** The other number depends on it. */
  async save(): Promise<void> {
    const before = this.total;
    await this.api.save(this.total + 1);
    this.total = before + 1;
  }

  /** What is asked for is another one by then. */
  async pair(first: string, second: string, counts: Record<string, number>): Promise<void> {
    let item = first;
    const before = counts[item];
    item = second;
    await this.api.price(item);
    counts[first] = before + 1;
  }
}
