// Without semicolons, where what is raced begins with a bracket
export async function shortened(text: Promise<string>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  (await Promise.race([text, new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), ms)
  })]).finally(() => clearTimeout(timer))).trim()
}
