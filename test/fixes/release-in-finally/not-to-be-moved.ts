import { Mutex } from 'async-mutex';

const mutex = new Mutex();

// What is read under the lock is worked on after it, which takes its time.
export async function refresh(load: () => Promise<string>, work: (text: string) => Promise<void>): Promise<void> {
  const release = await mutex.acquire();
  const text = await load();
  release();
  await work(text);
}

// What comes after the early release takes the lock itself.
export async function refreshOnce(load: () => Promise<string | undefined>): Promise<void> {
  const release = await mutex.acquire();
  const text = await load();
  if (text === undefined) {
    release();
    return refresh(async () => '', async () => undefined);
  }
  console.log(text);
  release();
}

// Two statements on a line.
export async function count(load: () => Promise<number>): Promise<void> {
  const release = await mutex.acquire(); const total = await load(); console.log(total); release();
}
