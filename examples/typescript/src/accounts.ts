// Balances of accounts. The mutex keeps a transfer in one piece although it awaits in the middle.
import { Mutex } from 'async-mutex';
import { record } from './ledger';

export const accounts = new Mutex();
const balances = new Map<string, number>();

export async function transfer(from: string, to: string, amount: number): Promise<void> {
  await accounts.runExclusive(async () => {
    balances.set(from, balanceOf(from) - amount);
    // Nobody may see the new balances before they are in the ledger.
    await record(`${from} -> ${to}: ${amount}`);
    balances.set(to, balanceOf(to) + amount);
  });
}

export async function balance(account: string): Promise<number> {
  return await accounts.runExclusive(() => balanceOf(account));
}

function balanceOf(account: string): number {
  return balances.get(account) ?? 0;
}
