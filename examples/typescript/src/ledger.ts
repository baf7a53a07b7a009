// The ledger: one line for everything that happened, in order.
import { appendFile } from 'node:fs/promises';
import { Mutex } from 'async-mutex';
import { balance } from './accounts';

const ledger = new Mutex();
const FILE = 'ledger.txt';

/** Lines must not mix, so one append at a time. */
export async function record(line: string): Promise<void> {
  await ledger.runExclusive(async () => {
    await appendFile(FILE, `${line}\n`);
  });
}

/** Writes an account's balance below everything recorded so far. */
export async function settle(account: string): Promise<void> {
  const release = await ledger.acquire();
  try {
    await appendFile(FILE, `${account} stands at ${await balance(account)}\n`);
  } finally {
    release();
  }
}
