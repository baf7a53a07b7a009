import { createClient, type RedisClientType } from 'redis'

export class SessionStore {
  // Made when it is first needed.
  private client: RedisClientType | null = null // null until then
  private connectPromise?: Promise<RedisClientType>
  private readonly pages = new Map<string, Page>()
  private readonly pagePromises = new Map<string, Promise<Page>>()

  /** The connected client. */
  connect(): Promise<RedisClientType> {
    this.connectPromise ??= this.connectOnce().finally(() => {
      this.connectPromise = undefined
    })
    return this.connectPromise
  }

  private async connectOnce(): Promise<RedisClientType> {
    if (this.client) return this.client

    const client: RedisClientType = createClient()
    await client.connect()
    this.client = client
    return client
  }

  page(
    name: string, // of the tab
  ): Promise<Page> {
    let pending = this.pagePromises.get(name)
    if (!pending) {
      pending = this.pageOnce(name).finally(() => this.pagePromises.delete(name))
      this.pagePromises.set(name, pending)
    }
    return pending
  }

  private async pageOnce(
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
