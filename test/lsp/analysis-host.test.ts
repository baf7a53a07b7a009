// The analysis side where no memory is shared and messages come in between slices of work, as in some browsers.
import { describe, expect, test } from 'vitest';
import { type FromAnalysis, SharedSignals, type ToAnalysis } from '../../server/lsp/analysis-channel';
import { AnalysisHost } from '../../server/lsp/analysis-host';
import { AnalysisSupervisor, type StartWorker } from '../../server/lsp/analysis-supervisor';
import { fakeEngine } from './support/fake-engine';

/** A host in this thread, behind a channel that delivers later. */
const sameThread: StartWorker = (onMessage) => {
  const signals = new SharedSignals(new ArrayBuffer(4096));
  let handle: (message: ToAnalysis) => void = () => undefined;
  let isOver = false;
  const port = {
    post: (message: FromAnalysis) => void setImmediate(() => isOver || onMessage(message)),
    onMessage: (handler: typeof handle) => {
      handle = handler;
    },
  };
  new AnalysisHost(port, fakeEngine, { files: undefined, letMessagesIn: () => new Promise((resolve) => setImmediate(resolve)) }, signals);
  return {
    signals,
    post: (message) => void setImmediate(() => isOver || handle(message)),
    terminate: () => {
      isOver = true;
    },
  };
};

function start(): AnalysisSupervisor {
  const supervisor = new AnalysisSupervisor({
    start: sameThread,
    rebuild: () => [{ kind: 'start', assets: '', folders: ['/nowhere'], settings: undefined, excluded: [], withCommands: false }],
    onEvent: () => undefined,
    onLost: () => undefined,
    log: () => undefined,
  });
  supervisor.start();
  return supervisor;
}

describe('without shared memory', () => {
  test('messages get in while an analysis does not end', async () => {
    const analysis = start();
    analysis.tell({ kind: 'open', file: '/a.py', version: 1, text: 'STUCK' });
    const asked = analysis.ask('findings', { file: '/a.py' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    analysis.tell({ kind: 'open', file: '/a.py', version: 2, text: 'BUG' });
    expect(await asked).toMatchObject({ file: '/a.py', findings: [{ message: 'a bug' }], versions: { '/a.py': 2 } });
    analysis.stop();
  });

  test('open documents are all there is, and closing takes them away', async () => {
    const analysis = start();
    analysis.tell({ kind: 'open', file: '/a.py', version: 1, text: 'USES x' });
    analysis.tell({ kind: 'open', file: '/b.py', version: 1, text: 'GIVES x' });
    expect((await analysis.ask('findings', { file: '/a.py' })).findings).toEqual([]);
    analysis.tell({ kind: 'close', file: '/b.py' });
    await expect.poll(async () => (await analysis.ask('findings', { file: '/a.py' })).findings.length).toBe(1);
    analysis.stop();
  });
});

test('the note of what is being read crosses threads whole', () => {
  const here = new SharedSignals();
  const there = new SharedSignals(here.buffer);
  expect(there.reading).toBeUndefined();
  here.reading = '/wörk/😀.py';
  expect(there.reading).toBe('/wörk/😀.py');
  here.reading = undefined;
  expect(there.reading).toBeUndefined();
  here.reading = 'x'.repeat(10_000);
  expect(there.reading).toMatch(/^x{4000,}$/);
});
