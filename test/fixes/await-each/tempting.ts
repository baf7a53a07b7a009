// Callbacks that a loop cannot do the same for.
interface Store {
  put(name: string, body: string): Promise<void>;
}

export class Sender {
  constructor(private readonly store: Store) {}

  async nested(lists: string[][]): Promise<void> {
    lists.forEach(async (list) => {
      for (const name of list) {
        if (name === '') return;
        await this.store.put(name, '');
      }
    });
  }

  async sameName(names: { all: string[] }): Promise<void> {
    names.all.forEach(async (names) => {
      await this.store.put(names, '');
    });
  }

  async declared(names: string[]): Promise<void> {
    names.forEach(async (name) => {
      var body = name.trim();
      await this.store.put(name, body);
    });
  }

  async typed(names: unknown[]): Promise<void> {
    names.forEach(async (name: any) => {
      await this.store.put(name.name, '');
    });
  }

  async commented(names: string[]): Promise<void> {
    names.forEach(/* in any order */ async (name) => {
      await this.store.put(name, '');
    });
  }

  async answers(names: string[]): Promise<void> {
    names.forEach(async (name) => {
      return this.store.put(name, '');
    });
  }
}
