// What has no map, or may have none, and a function that cannot wait.
interface Store {
  put(name: string, body: string): Promise<void>;
}

export async function sendMap(store: Store, bodies: Map<string, string>): Promise<void> {
  bodies.forEach(async (body, name) => {
    await store.put(name, body);
  });
}

export async function sendUnknown(store: Store, bodies: Iterable<string> & { forEach(work: (body: string, key: string) => void): void }): Promise<void> {
  bodies.forEach(async (body, key) => {
    await store.put(key, body);
  });
}

export function sendLater(store: Store, names: string[]): number {
  let sent = 0;
  names.forEach(async (name) => {
    await store.put(name, '');
    sent += 1;
  });
  return sent;
}
