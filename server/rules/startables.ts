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

/** Whether an API is a method of one of these classes, such as `start`. */
export function isMethodOfStartable(api: string | undefined, method: string): boolean {
  if (api === undefined || !api.endsWith(`.${method}`)) return false;
  return isStartable(api.slice(0, -method.length - 1));
}
