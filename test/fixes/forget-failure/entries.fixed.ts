// Promises kept by key, and in a field.
interface Page {
  readonly url: string;
}
declare function fetchPage(url: string): Promise<Page>;
declare function fetchAll(): Promise<Page[]>;

export class Pages {
  private readonly loading = new Map<string, Promise<Page>>();
  private all: Promise<Page[]> | undefined;

  page(url: string): Promise<Page> {
    const known = this.loading.get(url);
    if (known) return known;
    const loading = fetchPage(url).then((page) => {
      // From now on it is kept elsewhere.
      this.loading.delete(url);
      return page;
    }).catch((error) => {
      this.loading.delete(url);
      throw error;
    });
    this.loading.set(url, loading);
    return loading;
  }

  pages(): Promise<Page[]> {
    if (this.all) return this.all;
    this.all = fetchAll().then((pages) => {
      this.all = undefined; // done
      return pages;
    }).catch((error) => {
      this.all = undefined;
      throw error;
    });
    return this.all;
  }
}
