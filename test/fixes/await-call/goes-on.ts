// Work that ends only when it is told to, and calls of which a comment says that nobody waits for them.
import { readFile, writeFile } from 'node:fs/promises';

export class Mirror {
  private mirroring = true;

  constructor(private readonly path: string) {}

  stop(): void {
    this.mirroring = false;
  }

  async begin(): Promise<void> {
    try {
      this.mirror();
      this.mirrorForEver();
      console.log('begun');
    } catch (error) {
      console.error(error);
      this.stop();
    }
  }

  async copyAll(names: string[]): Promise<void> {
    try {
      // We don’t need to await each copy.
      for (const name of names) {
        writeFile(`${this.path}/${name}`, '');
      }
    } catch (error) {
      console.error(error);
      this.stop();
    }
  }

  private async mirror(): Promise<void> {
    while (this.mirroring) await writeFile(this.path, await readFile('source'));
  }

  private async mirrorForEver(): Promise<void> {
    for (;;) {
      await writeFile(this.path, await readFile('source'));
    }
  }
}
