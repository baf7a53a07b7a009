// What is made of a field, or used more than once, is declared behind the await.
interface Api {
  load(): Promise<{ a: number }>;
  price(item: string): Promise<number>;
}

export class Settings {
  private state: { a: number; b: number } = { a: 0, b: 0 };
  private counts = new Map<string, number>();

  constructor(private readonly api: Api) {}

  async patch(): Promise<void> {
    const more = await this.api.load();
    // What is there stays.
    const previous = this.state;
    this.state = { ...previous, ...more };
  }

  async sum(): Promise<number> {
    const more = await this.api.load();
    const old = this.state;
    // One of them stays.
    this.state = { ...old, a: old.a + more.a };
    return old.b;
  }

  async count(item: string): Promise<void> {
    const seen = this.counts.get(item) ?? 0;
    await this.api.price(item);
    this.counts.set(item, seen + 1);
  }
}
