// Without semicolons, where what is raced begins with a bracket
export async function shortened(text: Promise<string>, ms: number): Promise<void> {
  (await Promise.race([text, new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), ms))])).trim()
}
