// Lowering of many files: from the cache where possible, in parallel where it pays.
import type { FrontEnd } from '../lower/front-end';
import type { Language, Module } from '../model/module';
import { nameOf } from '../workspace/file-system';
import type { DiskCache } from './disk-cache';
import type { Engine } from './engine';
import type { SourceFile } from './gather';
import { LoweringPool } from './lowering-pool';
import type { LoweringAnswer, LoweringJob, LoweringSetup } from './lowering-worker';
import { isLasting, packModule, unpackModule } from './packed-module';

/** Text in UTF-16 units from which starting threads is worth their start. */
const WORTH_THREADS = 2_000_000;

export interface Lowered {
  readonly modules: ReadonlyMap<string, Module>;
  readonly failed: readonly { readonly file: string; readonly reason: string }[];
}

export interface LoweringOptions {
  readonly engine: Engine;
  readonly cache?: DiskCache;
  readonly onProgress: (done: number, total: number) => void;
}

/** The models of all files; `frontEnds` are those of their languages. */
export async function lowerAll(files: readonly SourceFile[], frontEnds: ReadonlyMap<Language, FrontEnd>, options: LoweringOptions): Promise<Lowered> {
  const { engine, cache, onProgress } = options;
  const modules = new Map<string, Module>();
  const failed: { file: string; reason: string }[] = [];
  const jobs: LoweringJob[] = [];
  for (const { file, language, text, hash } of files) {
    if (!frontEnds.has(language)) continue;
    // A front end may look at the name (`__init__.py`, `.tsx`), so models are shared between files of one name only.
    const key = cache?.keyOf('module', language, nameOf(file), hash) ?? '';
    const packed = cache?.read(key);
    const module = packed === undefined ? undefined : unpackModule(packed, file, language);
    if (module) modules.set(file, module);
    else jobs.push({ id: jobs.length, file, language, text, key });
  }
  const answer = (job: LoweringJob, { packed, failure }: LoweringAnswer) => {
    const module = packed === undefined ? undefined : unpackModule(packed, job.file, job.language);
    if (module) modules.set(job.file, module);
    else failed.push({ file: job.file, reason: failure ?? 'internal error: its model was lost' });
  };

  const parallel = engine.workerScript !== undefined && jobs.reduce((sum, job) => sum + job.text.length, 0) > WORTH_THREADS;
  // The largest first, so that no thread is left with a long one at the end.
  if (parallel) jobs.sort((a, b) => b.text.length - a.text.length);
  let next = 0;
  /** What a worker gets; this thread takes single jobs off the same list. */
  const take = (size: number): LoweringJob[] => {
    const taken: LoweringJob[] = [];
    for (let sum = 0; sum < size && next < jobs.length; next++) {
      taken.push(jobs[next]);
      sum += jobs[next].text.length;
    }
    return taken;
  };
  const setup: LoweringSetup = { task: 'lockset-lowering', cache: cache?.place };
  const pool = parallel && engine.workerScript ? new LoweringPool(engine.workerScript, setup, take, answer) : undefined;
  try {
    for (let job = jobs[next++]; job; job = jobs[next++]) {
      try {
        const module = frontEnds.get(job.language)!.lower(job.file, job.text);
        modules.set(job.file, module);
        if (cache && isLasting(module)) cache.write(job.key, packModule(module));
      } catch (error) {
        failed.push({ file: job.file, reason: `internal error: ${error instanceof Error ? error.message : String(error)}` });
      }
      onProgress(modules.size, files.length);
      // Lets the workers' answers in.
      if (pool) await new Promise((resolve) => setImmediate(resolve));
    }
    await pool?.finished();
  } finally {
    await pool?.end();
  }
  if (jobs.length > 0) cache?.evict();
  return { modules, failed };
}
