// The race is elsewhere, or the promise is used in other places too.
const late = (ms: number) => new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), ms));

export async function first<T>(work: () => Promise<T>): Promise<T> {
  return Promise.race([work(), late(30_000)]);
}

export async function twice<T>(work: () => Promise<T>): Promise<T[]> {
  const limit = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('late')), 30_000);
  });
  const one = await Promise.race([work(), limit]);
  const two = await Promise.race([work(), limit]);
  return [one, two];
}

export const each = <T>(work: () => Promise<T>) =>
  Promise.race([work(), new Promise<T>((_, reject) => setTimeout(() => reject(new Error('late')), 30_000))]);
