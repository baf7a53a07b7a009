// Where the mutex may be held already, lets in several, or is about something else.
import { Mutex, Semaphore } from 'async-mutex';

declare function fee(amount: number): Promise<number>;

export class Nested {
  private balance = 0;
  private readonly mutex = new Mutex();

  async transfer(amount: number): Promise<void> {
    await this.mutex.runExclusive(async () => {
      await this.withdraw(amount);
    });
  }

  /** Its caller holds the mutex. */
  async withdraw(amount: number): Promise<void> {
    const rest = this.balance - amount;
    this.balance = rest - (await fee(rest));
  }

  /** What it calls takes the mutex. */
  async twice(amount: number): Promise<void> {
    const rest = this.balance - amount;
    await this.transfer(rest);
    this.balance = rest;
  }
}

export class Several {
  private balance = 0;
  private readonly mutex = new Semaphore(3);

  async deposit(amount: number): Promise<void> {
    await this.mutex.runExclusive(async () => {
      this.balance += amount;
    });
  }

  async withdraw(amount: number): Promise<void> {
    const rest = this.balance - amount;
    await fee(rest);
    this.balance = rest;
  }
}

export class Other {
  private balance = 0;
  private readonly printerMutex = new Mutex();

  async print(): Promise<void> {
    await this.printerMutex.runExclusive(async () => {
      await fee(1);
    });
  }

  async withdraw(amount: number): Promise<void> {
    const rest = this.balance - amount;
    await fee(rest);
    this.balance = rest;
  }
}
