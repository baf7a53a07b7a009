// Lists that change while they are gone through.
interface Job {
  id: string;
}

async function send(id: string): Promise<Response> {
  return await fetch(id);
}

export class Outbox {
  private jobs: Job[] = [];
  private readonly waiting = new Map<string, Job>();

  add(job: Job): void {
    this.jobs.push(job);
    this.waiting.set(job.id, job);
  }

  async drain(): Promise<void> {
    for (const [at, job] of [...this.jobs].entries()) {
      await send(`${at}-${job.id}`);
      this.jobs.splice(this.jobs.indexOf(job), 1);
    }
  }

  async drainMap(): Promise<void> {
    for (const job of [...this.waiting.values()]) {
      await send(job.id);
      this.waiting.delete(job.id);
    }
  }
}

export async function statuses(jobs: Job[]): Promise<Response[]> {
  const found: Response[] = [];
  for (const job of jobs) {
    found.push(await send(job.id));
  }
  return found;
}
