// Generated sources: files of any length as code generators write them, with classes, clients, tables and async methods.

/** A TypeScript file of about `lines` lines. */
export function generated(lines: number): string {
  const parts = ["import { EventEmitter } from 'node:events';", 'interface Transport { send(name: string, body: unknown): Promise<unknown> }'];
  let written = parts.length;
  for (let index = 0; written < lines; index++) {
    const part = service(index);
    parts.push(part);
    written += part.split('\n').length;
  }
  return parts.join('\n');
}

function service(index: number): string {
  return `export interface Request${index} { readonly id: string; readonly size?: number; readonly tags: readonly string[] }
export class Service${index} extends EventEmitter {
  private readonly cache = new Map<string, unknown>();
  private timer: ReturnType<typeof setInterval> | undefined;
  private count = 0;
  constructor(private readonly transport: Transport) {
    super();
    this.on('reset', () => this.cache.clear());
  }
  async get(request: Request${index}): Promise<unknown> {
    if (this.cache.has(request.id)) return this.cache.get(request.id);
    try {
      const answer = await this.transport.send('Service${index}.get', request);
      this.cache.set(request.id, answer);
      this.count = this.count + 1;
      return answer;
    } catch (error) {
      this.emit('failed', error);
      throw error;
    }
  }
  async all(requests: readonly Request${index}[]): Promise<unknown[]> {
    return Promise.all(requests.map((request) => this.get(request)));
  }
  start(): void {
    this.timer ??= setInterval(() => void this.get({ id: '${index}', tags: [] }), 1000);
  }
  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
export const table${index} = { name: 'Service${index}', fields: ['id', 'size', 'tags'], key: ${index}, make: (transport: Transport) => new Service${index}(transport) };`;
}
