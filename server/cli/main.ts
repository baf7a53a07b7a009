// The command line's entry: a program in the main thread, a lowering server in worker threads of the same file.
import { setFlagsFromString } from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import { absolutePath } from '../disk/node-files';
import { reasonOf } from '../disk/write-whole';
import { isLoweringWorker, serveLowering } from './lowering-worker';
import { nodeEngine } from './node-engine';
import { runCommandLine } from './program';
import { processTerminal } from './terminal';

const engine = () => nodeEngine(__dirname, __filename);

if (isMainThread) void main();
else if (isLoweringWorker()) serveLowering(engine());

async function main(): Promise<void> {
  // A run makes many objects that die young; with room for them, collecting costs a third less.
  setFlagsFromString('--max-semi-space-size=128');
  // Whoever reads has seen enough (`| head`): that ends quietly. So does an interrupt, as long as nobody listens for it.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      if (stream === process.stdout) process.stderr.write(`lockset: cannot write the results: ${reasonOf(error)}\n`);
      process.exit(2);
    });
  }
  const input = async () => {
    const parts: Buffer[] = [];
    for await (const part of process.stdin) parts.push(part as Buffer);
    return Buffer.concat(parts);
  };
  const surroundings = { terminal: processTerminal(absolutePath('.')), assets: __dirname, engine, environment: process.env, input };
  // Not process.exit: what is still on its way to a pipe would be lost.
  process.exitCode = await runCommandLine(process.argv.slice(2), surroundings);
}
