// Work that is waited for elsewhere, and dropped here.
import { writeFile } from 'node:fs/promises';

type Hook = () => void | Promise<void>;

export class Settings {
  private prefix = '';

  constructor(
    private readonly path: string,
    private readonly changed?: Hook,
  ) {}

  async setPrefix(prefix: string): Promise<void> {
    this.prefix = prefix;
    this.save(); // the last thing it does
  }

  async rename(prefix: string, quiet: boolean): Promise<void> {
    this.prefix = prefix;
    await this.save();
    if (!quiet) this.changed?.();
    this.prefix = prefix.trim();
  }

  async load(read: () => Promise<string>): Promise<string> {
    try {
      return read().then((text) =>
        text.trim(),
      );
    } catch (error) {
      this.prefix = '';
      return String(error);
    }
  }

  private async save(): Promise<void> {
    await writeFile(this.path, JSON.stringify({ prefix: this.prefix }));
  }
}
