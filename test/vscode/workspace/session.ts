// Two requests in flight at a time lose one of the updates.
export class Session {
  private total = 0;

  async add(load: () => Promise<number>): Promise<void> {
    this.total = this.total + (await load());
  }
}

export function serve(session: Session, load: () => Promise<number>): void {
  setInterval(() => session.add(load), 100);
  process.on('message', () => session.add(load));
}
