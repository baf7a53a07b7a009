// Callers get something of their own, ask for different things, or do something in each call.
export class Pool {
  private inUse = 0;
  private nonce: number | undefined;
  private client: Client | undefined;
  private settings: string | undefined;

  async openPage(): Promise<Page | null> {
    if (this.inUse >= 4) return null;
    const page = await Page.open();
    this.inUse += 1;
    return page;
  }

  async makeNonce(provider: { count(): Promise<number> }): Promise<number> {
    if (this.nonce === undefined) this.nonce = await provider.count();
    return this.nonce++;
  }

  async connect(host: string): Promise<Client> {
    if (!this.client) this.client = await Client.to(host);
    return this.client;
  }

  // What it gives is left to the compiler.
  async load() {
    if (!this.settings) this.settings = await (await fetch('/settings')).text();
    return this.settings;
  }

  async close() {
    await this.client?.close();
    this.client = undefined;
    this.settings = undefined;
  }
}

class Page {
  static async open(): Promise<Page> {
    await fetch('/open');
    return new Page();
  }
}

class Client {
  constructor(private readonly host: string) {}

  static async to(host: string): Promise<Client> {
    await fetch(host);
    return new Client(host);
  }

  async close(): Promise<void> {
    await fetch(`${this.host}/close`);
  }
}
