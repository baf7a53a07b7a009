// Elements that are worked on by callbacks nobody waits for.
interface Store {
  put(name: string, body: string): Promise<void>;
}

interface Upload {
  name: string;
  body: string;
}

export async function send(store: Store, uploads: Upload[]): Promise<number> {
  let sent = 0;
  // One after the other would take too long.
  await Promise.all(uploads.map(async ({ name, body }, index) => {
    await store.put(`${index}-${name}`, body); // no retry
    sent += 1;
  }));
  return sent;
}

export async function sendOptional(store: Store, batch?: { uploads: Upload[] }): Promise<void> {
  if (batch) console.log('sending');
  await Promise.all(batch?.uploads.map(async (upload) => {
    await store.put(upload.name, upload.body);
  }) ?? []);
}

export async function sendSet(store: Store, names: Set<string>): Promise<void> {
  await Promise.all([...names].map(async (name) => {
    await store.put(name, '');
  }));
}

async function sendOne(upload: Upload): Promise<void> {
  await fetch(upload.name, { method: 'PUT', body: upload.body });
}

export async function sendMapped(uploads: Upload[]): Promise<void> {
  await Promise.all(uploads
    .filter(({ body }) => body !== '')
    .map(sendOne));
}
