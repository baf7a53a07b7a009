// What lets go belongs to the callback, is no arrow function, or runs elsewhere.
interface Page {
  readonly url: string;
}
declare function fetchPage(url: string): Promise<Page>;
declare function whenReady(work: () => Promise<Page>): Promise<Page>;

export class Pages {
  private readonly loading = new Map<string, Promise<Page>>();
  private readonly waiting = new Map<string, Promise<Page>>();

  page(url: string): Promise<Page> {
    const known = this.loading.get(url);
    if (known) return known;
    const loading = fetchPage(url).then((page) => {
      const key = page.url;
      this.loading.delete(key);
      return page;
    });
    this.loading.set(url, loading);
    return loading;
  }

  later(url: string): Promise<Page> {
    const known = this.waiting.get(url);
    if (known) return known;
    const waiting = whenReady(async () => {
      const page = await fetchPage(url);
      this.waiting.delete(url);
      return page;
    });
    this.waiting.set(url, waiting);
    return waiting;
  }
}
