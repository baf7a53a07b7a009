type Hook = (text: string) => Promise<void>;

export class Hooks {
  private hooks: Hook[] = [];
  private lists: Record<string, Hook[]> = {};

  remove(hook: Hook): void {
    this.hooks.splice(this.hooks.indexOf(hook), 1);
  }

  removeFrom(name: string, hook: Hook): void {
    const list = this.lists[name];
    list?.splice(list.indexOf(hook), 1);
  }

  async run(text: string): Promise<void> {
    // In the order in which they came.
    for (const hook of [...this.hooks] /* all of them */) {
      await hook(text);
    }
  }

  async runFor(name: string, text: string): Promise<void> {
    const list = this.lists[name] ?? [];
    for (const hook of [...list]) await hook(text);
  }

  async runByNumber(text: string): Promise<void> {
    for (let i = 0; i < this.hooks.length; i++) {
      await this.hooks[i](text);
    }
  }
}

export class Outbox {
  private waiting: Hook[] = [];

  add(hook: Hook, first: boolean): void {
    if (first) this.waiting.unshift(hook);
    else this.waiting.push(hook);
  }

  async flush(): Promise<void> {
    for (const hook of this.waiting) await hook('now');
    this.waiting = [];
  }
}
