// A mutex of the project's own.
class Mutex {
  private tail: Promise<unknown> = Promise.resolve();

  runExclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work);
    this.tail = result.catch(() => undefined);
    return result;
  }
}
declare function next(after: number): Promise<number>;

export class Numbers {
  private last = 0;
  private mutex = new Mutex();

  reset(): Promise<void> {
    return this.mutex.runExclusive(async () => {
      this.last = await next(0);
    });
  }

  advance = async (): Promise<number> => {
    const after = this.last;
    const step = await next(after);
    this.last = after + step;
    return this.last;
  };
}
