// Work that is raced against the time.
export async function titleOf(url: string): Promise<string> {
  const response = fetch(url);
  // Ten seconds are enough for a title.
  const timeout = new Promise<never>((_, reject) => {
    setTimeout(() => {
      reject(new Error('timeout'));
    }, 10_000);
  });
  try {
    const found = await Promise.race([response, timeout]);
    return await found.text();
  } catch {
    return '';
  }
}

export async function limited<T>(work: () => Promise<T>, ms: number): Promise<T> {
  const timer = performance.now();
  const answer = await Promise.race([
    work(),
    new Promise<T>((_, reject) =>
      setTimeout(() => reject(new Error('too late')), ms),
    ),
  ]);
  console.log(performance.now() - timer);
  return answer;
}
