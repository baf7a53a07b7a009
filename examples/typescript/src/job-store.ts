// Jobs that were accepted, and what they will cost.
import { estimate } from './estimates';

export interface Job {
  readonly name: string;
  readonly size: number;
}

export class JobStore {
  private readonly jobs = new Map<number, Job>();
  private nextId = 1;
  private reserved = 0;
  private flushing = false;

  async add(job: Job): Promise<number> {
    // Taken before the first await, so that no two requests get the same number.
    const id = this.nextId++;
    this.jobs.set(id, job);
    this.reserved = this.reserved + (await estimate(job.name, job.size));
    return id;
  }

  /** Writes everything down. A flag is lock enough here, as it is set before anything is awaited. */
  async flush(write: (line: string) => Promise<void>): Promise<void> {
    if (this.flushing) return;
    this.flushing = true;
    try {
      for (const [id, job] of this.jobs) await write(`${id} ${job.name}`);
      await write(`reserved ${this.reserved}`);
    } finally {
      this.flushing = false;
    }
  }
}
