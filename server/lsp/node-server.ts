// The protocol's thread in Node: over standard input and output, or over the channel to the process that started it.
import path from 'node:path';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { nodeWorkers } from './node-worker';
import { serve } from './server';

export interface NodeServerOptions {
  /** The file that workers run: the one that this is bundled into. */
  readonly script: string;
  readonly heapLimit?: number;
  readonly restartDelay?: number;
}

/** Serves until the client says `exit` or hangs up; status 0 after `shutdown`, else 1. */
export function startNodeServer({ script, heapLimit, restartDelay }: NodeServerOptions): void {
  let isShutDown = false;
  // Without arguments it is a person or a simple client that starts it: then it speaks over standard input and output.
  if (!process.argv.slice(2).some((argument) => /^--(?:stdio|node-ipc|socket|pipe)(?:=|$)/.test(argument))) process.argv.push('--stdio');
  const connection = createConnection(ProposedFeatures.all);
  // A channel between processes has no end that a stream would have.
  process.on('disconnect', () => process.exit(isShutDown ? 0 : 1));
  // A client that hangs up in the middle leaves answers that nobody takes.
  process.stdout.on('error', () => process.exit(isShutDown ? 0 : 1));
  process.on('unhandledRejection', (reason) =>
    process.stderr.write(`lockset: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}\n`),
  );
  serve(connection, {
    startWorker: nodeWorkers(script, heapLimit),
    defaultAssets: path.dirname(script),
    restartDelay,
    onShutdown: () => {
      isShutDown = true;
    },
  });
  connection.listen();
}
