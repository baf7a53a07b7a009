// Nobody else looks at the promise, and an array has no catch.
export function forget(promise: Promise<void>, done: () => void): void {
  promise.finally(done);
}

async function load(path: string): Promise<string> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(path);
  return answer.text();
}

export async function all(paths: string[]): Promise<string[]> {
  const texts = paths.map((path) => load(path));
  await load('/');
  return Promise.all(texts);
}
