// The worker thread's side of parallel lowering: takes texts, gives packed models, fills the cache.
import { parentPort, workerData } from 'node:worker_threads';
import type { FrontEnd } from '../lower/front-end';
import type { Language } from '../model/module';
import { DiskCache } from './disk-cache';
import type { Engine } from './engine';
import { isLasting, packModule } from './packed-module';

/** What a worker is started with. */
export interface LoweringSetup {
  readonly task: 'lockset-lowering';
  /** Where the cache is, if there is one. */
  readonly cache: { readonly folder: string; readonly identity: string } | undefined;
}

export interface LoweringJob {
  readonly id: number;
  readonly file: string;
  readonly language: Language;
  readonly text: string;
  /** The model's key in the cache. */
  readonly key: string;
}

export interface LoweringAnswer {
  readonly id: number;
  /** The packed model, or why there is none. */
  readonly packed?: string;
  readonly failure?: string;
}

/** Whether this thread was started to lower. */
export function isLoweringWorker(): boolean {
  return (workerData as Partial<LoweringSetup> | null)?.task === 'lockset-lowering';
}

/** Answers batches of jobs until the thread is ended. */
export function serveLowering(engine: Engine): void {
  const { cache: place } = workerData as LoweringSetup;
  const cache = place && new DiskCache(place.folder, place.identity);
  const frontEnds = new Map<Language, Promise<FrontEnd>>();
  const answer = async (job: LoweringJob): Promise<LoweringAnswer> => {
    try {
      const frontEnd = frontEnds.get(job.language) ?? engine.loadFrontEnd(job.language);
      frontEnds.set(job.language, frontEnd);
      const module = (await frontEnd).lower(job.file, job.text);
      const packed = packModule(module);
      if (isLasting(module)) cache?.write(job.key, packed);
      return { id: job.id, packed };
    } catch (error) {
      return { id: job.id, failure: error instanceof Error ? error.message : String(error) };
    }
  };
  parentPort?.on('message', async (jobs: readonly LoweringJob[]) => {
    for (const job of jobs) parentPort?.postMessage(await answer(job));
  });
}
