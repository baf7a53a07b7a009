// What a job will cost, by asking the planner.

/** Seconds that a job of this size takes. */
export async function estimate(name: string, size: number): Promise<number> {
  const answer = await fetch(`http://planner.internal/estimate?name=${encodeURIComponent(name)}&size=${size}`);
  return Number(await answer.text());
}
