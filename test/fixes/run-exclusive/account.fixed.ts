// A class that holds its mutex elsewhere around the same field.
import { Mutex } from 'async-mutex';

declare function fee(amount: number): Promise<number>;
declare function note(text: string): void;

export class Account {
  private balance = 0;
  private readonly mutex = new Mutex();

  async deposit(amount: number): Promise<void> {
    await this.mutex.runExclusive(async () => {
      this.balance = this.balance + amount - (await fee(amount));
    });
  }

  async withdraw(amount: number): Promise<number> {
    return this.mutex.runExclusive(async () => {
      const rest = this.balance - amount;
      if (rest < 0) throw new Error('not enough');
      // The bank takes its share.
      const cost = await fee(rest);
      this.balance = rest - cost;
      return cost;
    });
  }

  async interest(rate: number): Promise<void> {
    note('interest');
    await this.mutex.runExclusive(async () => {
      const sum = this.balance;
      if (sum > 0) {
        await fee(sum * rate);
      }
      this.balance = sum * rate; // rounded later
    });
    note(`done:
  interest`);
  }
}
