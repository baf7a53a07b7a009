// The analysis in a thread of its own in Node: started by the protocol's thread, from the same file.
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { nodeFiles } from '../disk/node-files';
import { type FromAnalysis, SharedSignals, type ToAnalysis } from './analysis-channel';
import { AnalysisHost } from './analysis-host';
import type { StartWorker } from './analysis-supervisor';
import type { Engine } from './engine';

/** The most memory that the analysis may take, in megabytes; beyond it the worker ends and is started anew. */
const HEAP_LIMIT = 3072;

/** Starts workers that run `script`, which is to call `serveParent` when it finds itself in a worker. */
export function nodeWorkers(script: string, heapLimit = HEAP_LIMIT): StartWorker {
  return (onMessage, onEnd) => {
    const signals = new SharedSignals();
    const worker = new Worker(script, {
      name: 'lockset-analysis',
      workerData: { memory: signals.buffer },
      argv: [],
      execArgv: [],
      // Standard output carries the protocol: what a worker prints must not get there.
      stdout: true,
      stderr: true,
      // Each keystroke makes a few megabytes of short-lived objects; with room for several, collecting them seldom interrupts.
      resourceLimits: { maxOldGenerationSizeMb: heapLimit, maxYoungGenerationSizeMb: 64 },
    });
    let reason = '';
    let isOver = false;
    worker.stdout.resume();
    worker.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk));
    worker.on('message', (message: FromAnalysis) => onMessage(message));
    worker.on('error', (error) => (reason = error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => {
      if (!isOver) onEnd(reason || `exit code ${code}`);
      isOver = true;
    });
    return {
      signals,
      post: (message) => worker.postMessage(message),
      terminate: () => {
        isOver = true;
        void worker.terminate();
      },
    };
  };
}

/** Runs the analysis for the thread that started this one. */
export function serveParent(engine: Engine): void {
  const port = parentPort;
  if (!port) throw new Error('not in a worker');
  const { memory } = workerData as { readonly memory: SharedArrayBuffer };
  new AnalysisHost(
    {
      post: (message) => port.postMessage(message),
      onMessage: (handler) => port.on('message', (message: ToAnalysis) => handler(message)),
    },
    engine,
    { files: nodeFiles, letMessagesIn: () => new Promise((resolve) => setImmediate(resolve)) },
    new SharedSignals(memory),
  );
}
