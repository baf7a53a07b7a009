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
    this.jobs.forEach(async (job, at) => {
      await send(`${at}-${job.id}`);
      this.jobs.splice(this.jobs.indexOf(job), 1);
    });
  }

  async drainMap(): Promise<void> {
    this.waiting.forEach(async (job) => {
      await send(job.id);
      this.waiting.delete(job.id);
    });
  }
}

export async function statuses(jobs: Job[]): Promise<Response[]> {
  const found: Response[] = [];
  jobs.forEach(async (job) => found.push(await send(job.id)));
  return found;
}
