import { createClient, type RedisClientType } from 'redis'

export class SessionStore {
  // Made when it is first needed.
  private client: RedisClientType | null = null // null until then
  private readonly pages = new Map<string, Page>()

  /** The connected client. */
  async connect(): Promise<RedisClientType> {
    if (this.client) return this.client

    const client: RedisClientType = createClient()
    await client.connect()
    this.client = client
    return client
  }

  async page(
    name: string, // of the tab
  ): Promise<Page> {
    const known = this.pages.get(name)
    if (known) {
      known.usedAt = Date.now()
      return known
    }
    const page = new Page(await fetch(`/tabs/${name}`))
    this.pages.set(name, page)
    return page
  }

  async close() {
    for (const page of this.pages.values()) page.close()
    await this.client?.quit()
    this.client = null
  }
}

class Page {
  usedAt = Date.now()

  constructor(private readonly response: Response) {}

  close() {
    void this.response.body?.cancel()
  }
}
