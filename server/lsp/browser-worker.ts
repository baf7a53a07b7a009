// The analysis in a browser: in a worker inside the server's worker where the browser allows that, else in the same thread.
import { type FromAnalysis, SharedSignals, type ToAnalysis } from './analysis-channel';
import { AnalysisHost } from './analysis-host';
import type { AnalysisWorker, StartWorker } from './analysis-supervisor';
import type { Engine, Surroundings } from './engine';

/** The name by which a worker knows that it is the inner one. */
export const INNER_WORKER = 'lockset-analysis';
const SURROUNDINGS: Surroundings = { files: undefined, letMessagesIn };

interface FirstMessage {
  readonly memory: SharedArrayBuffer | undefined;
}

/** Starts workers that run `script`; `loadEngine` is for the case that there can be none. */
export function browserWorkers(script: string, loadEngine: () => Promise<Engine>): StartWorker {
  return (onMessage, onEnd) => {
    const signals = new SharedSignals();
    try {
      const worker = new Worker(script, { name: INNER_WORKER });
      const first: FirstMessage = { memory: signals.isShared ? (signals.buffer as SharedArrayBuffer) : undefined };
      worker.postMessage(first);
      let fallback: AnalysisWorker | undefined;
      let hasSpoken = false;
      const sent: ToAnalysis[] = [];
      worker.onmessage = (event: MessageEvent<FromAnalysis | 'ready'>) => {
        hasSpoken = true;
        sent.length = 0;
        if (event.data !== 'ready') onMessage(event.data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        worker.terminate();
        if (hasSpoken) return onEnd(event.message || 'the worker failed');
        // It never started: some editors forbid workers inside workers.
        fallback = sameThread(loadEngine, onMessage, onEnd);
        for (const message of sent) fallback.post(message);
      };
      return {
        signals,
        post: (message) => {
          if (fallback) return fallback.post(message);
          if (!hasSpoken) sent.push(message);
          worker.postMessage(message);
        },
        terminate: () => (fallback ?? worker).terminate(),
      };
    } catch {
      return sameThread(loadEngine, onMessage, onEnd);
    }
  };
}

/** Runs the analysis for the worker that started this one. */
export function serveOuterWorker(loadEngine: () => Promise<Engine>): void {
  const scope = self as unknown as DedicatedWorkerGlobalScope;
  const early: ToAnalysis[] = [];
  let memory: SharedArrayBuffer | undefined;
  let isFirst = true;
  let handle: (message: ToAnalysis) => void = (message) => early.push(message);
  scope.onmessage = (event: MessageEvent<FirstMessage | ToAnalysis>) => {
    if (!isFirst) return handle(event.data as ToAnalysis);
    isFirst = false;
    memory = (event.data as FirstMessage).memory;
    void loadEngine().then((engine) => {
      const port = {
        post: (message: FromAnalysis) => scope.postMessage(message),
        onMessage: (handler: (message: ToAnalysis) => void) => {
          handle = handler;
        },
      };
      new AnalysisHost(port, engine, SURROUNDINGS, new SharedSignals(memory ?? new ArrayBuffer(4096)));
      for (const message of early) handle(message);
    }, fail);
  };
  scope.postMessage('ready');
}

/** Throws where the browser tells the outer worker of it. */
function fail(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}

function sameThread(loadEngine: () => Promise<Engine>, onMessage: (message: FromAnalysis) => void, onEnd: (reason: string) => void): AnalysisWorker {
  const waiting: ToAnalysis[] = [];
  let isOver = false;
  let handle: (message: ToAnalysis) => void = (message) => waiting.push(message);
  const signals = new SharedSignals(new ArrayBuffer(4096));
  loadEngine().then(
    (engine) => {
      const port = {
        post: (message: FromAnalysis) => void (isOver || queueMicrotask(() => onMessage(message))),
        onMessage: (handler: (message: ToAnalysis) => void) => {
          handle = (message) => void (isOver || handler(message));
        },
      };
      new AnalysisHost(port, engine, SURROUNDINGS, signals);
      for (const message of waiting) handle(message);
    },
    (error: unknown) => onEnd(String(error)),
  );
  return { signals, post: (message) => handle(message), terminate: () => (isOver = true) };
}

/** A message channel has no minimum delay, unlike timers. */
function letMessagesIn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
