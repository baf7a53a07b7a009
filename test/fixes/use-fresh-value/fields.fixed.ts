// Copies of fields that are read before an await and written behind it.
interface Api {
  names(): Promise<string[]>;
  price(item: string): Promise<number>;
}

export class Basket {
  private total = 0;
  private count = 0;
  private items: string[] = [];

  constructor(private readonly api: Api) {}

  async add(item: string): Promise<void> {
    const price = await this.api.price(item);
    this.total += price;
  }

  async countUp(item: string): Promise<number> {
    // Only what has a price is counted.
    const price = await this.api.price(item);
    if (price > 0) {
      this.count += 1; // one more
    }
    return price;
  }

  async names(): Promise<void> {
    const more = await this.api.names();
    this.items = [...this.items, ...more];
  }

  async shout(): Promise<void> {
    const more = await this.api.names();
    this.items = this.items.concat(
      more.map((name) => name.toUpperCase()),
    );
  }
}
