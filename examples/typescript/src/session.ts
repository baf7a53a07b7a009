// The token for the rates service, fetched when it is first needed.

let current: string | undefined;

async function login(): Promise<string> {
  const answer = await fetch('http://rates.internal/login', { method: 'POST' });
  return await answer.text();
}

/** JavaScript is single-threaded, so there is no race condition to think of. */
export async function token(): Promise<string> {
  if (current === undefined) {
    current = await login();
  }
  return current;
}

/** The next caller logs in again. */
export function logout(): void {
  current = undefined;
}
