// Startables: library classes whose instances run nothing before start() is called.

const STARTABLE: Readonly<Record<string, string>> = {
  'threading.Thread': 'thread',
  'threading.Timer': 'timer',
  'multiprocessing.Process': 'process',
};

/** Whether a library class is one of threads, timers or processes. */
export function isStartable(api: string): boolean {
  return Object.hasOwn(STARTABLE, api);
}

/** What a person calls an instance of it. */
export function wordFor(api: string): string {
  return STARTABLE[api] ?? 'thread';
}
