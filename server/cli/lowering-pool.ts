// Worker threads that lower beside the main thread; one that runs out of memory costs one file, not the run.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LoweringAnswer, LoweringJob, LoweringSetup } from './lowering-worker';

/** How much source a worker is given at a time, in UTF-16 units: enough that it need not wait for messages. */
const BATCH = 150_000;

export interface PoolSize {
  readonly workers: number;
  /** What one worker may take before it is ended. */
  readonly heapMegabytes: number;
}

/** The main thread works too, so one less than there are cores. */
const DEFAULT_SIZE: PoolSize = { workers: Math.min(7, availableParallelism() - 1), heapMegabytes: 768 };

interface Member {
  readonly worker: Worker;
  /** Jobs it has been given and not answered, by id. */
  readonly outstanding: Map<number, LoweringJob>;
}

/** Takes jobs off a list that the main thread takes from too. */
export class LoweringPool {
  private readonly members = new Set<Member>();
  private idle: (() => void) | undefined;

  /** `take` gives jobs of about so much text, fewer at the end and none when there are no more. */
  constructor(
    private readonly script: string,
    private readonly setup: LoweringSetup,
    private readonly take: (size: number) => readonly LoweringJob[],
    private readonly onAnswer: (job: LoweringJob, answer: LoweringAnswer) => void,
    private readonly size: PoolSize = DEFAULT_SIZE,
  ) {
    for (let i = 0; i < size.workers; i++) this.start();
  }

  /** Resolves when every job that workers took is answered. */
  async finished(): Promise<void> {
    while ([...this.members].some((member) => member.outstanding.size > 0)) {
      await new Promise<void>((resolve) => (this.idle = resolve));
    }
  }

  /** Ends the workers. */
  async end(): Promise<void> {
    const workers = [...this.members].map((member) => member.worker);
    this.members.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  private start(retry: readonly LoweringJob[] = []): void {
    const worker = new Worker(this.script, {
      workerData: this.setup,
      resourceLimits: { maxOldGenerationSizeMb: this.size.heapMegabytes, maxYoungGenerationSizeMb: 128 },
      argv: [],
      stdin: false,
    });
    const member: Member = { worker, outstanding: new Map() };
    this.members.add(member);
    worker.on('message', (answer: LoweringAnswer) => {
      const job = member.outstanding.get(answer.id);
      member.outstanding.delete(answer.id);
      if (job) this.onAnswer(job, answer);
      this.refill(member);
    });
    worker.on('error', (error) => this.lost(member, error));
    worker.on('exit', (code) => this.lost(member, new Error(`a thread ended with status ${code}`)));
    for (const job of retry) this.give(member, [job]);
    // Two batches, so that the second is there when the first is done.
    if (retry.length === 0) this.give(member, this.take(BATCH));
    this.refill(member);
  }

  private refill(member: Member): void {
    let waiting = 0;
    for (const job of member.outstanding.values()) waiting += job.text.length;
    if (waiting < BATCH) this.give(member, this.take(BATCH));
    if (member.outstanding.size === 0) this.idle?.();
  }

  private give(member: Member, jobs: readonly LoweringJob[]): void {
    if (jobs.length === 0) return;
    for (const job of jobs) member.outstanding.set(job.id, job);
    member.worker.postMessage(jobs);
  }

  /** Answers come in order, so the first job without one is what the worker fell over. */
  private lost(member: Member, error: unknown): void {
    if (!this.members.delete(member)) return;
    const [culprit, ...rest] = member.outstanding.values();
    if (culprit) {
      const outOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.onAnswer(culprit, {
        id: culprit.id,
        failure: outOfMemory ? 'reading it takes too much memory' : `internal error: ${error instanceof Error ? error.message : String(error)}`,
      });
      this.start(rest);
    }
    this.idle?.();
  }
}
