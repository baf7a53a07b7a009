// Work that is raced against the time.
export async function titleOf(url: string): Promise<string> {
  const response = fetch(url);
  // Ten seconds are enough for a title.
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('timeout'));
    }, 10_000);
  });
  try {
    const found = await Promise.race([response, timeout]).finally(() => clearTimeout(timer));
    return await found.text();
  } catch {
    return '';
  }
}

export async function limited<T>(work: () => Promise<T>, ms: number): Promise<T> {
  const timer = performance.now();
  let timer2: ReturnType<typeof setTimeout> | undefined;
  const answer = await Promise.race([
    work(),
    new Promise<T>((_, reject) => {
      timer2 = setTimeout(() => reject(new Error('too late')), ms);
    }),
  ]).finally(() => clearTimeout(timer2));
  console.log(performance.now() - timer);
  return answer;
}
