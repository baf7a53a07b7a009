// A stream is piped into a file, and the file is used before the stream has been written to the end.
import { calledName } from '../model/calls';
import type { Call } from '../model/operation';
import { printPlace } from '../model/place';
import { resultOf, type Value } from '../model/value';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { first, oneRun, second } from './shared/interleavings';
import { laterPoints } from './shared/later-points';

export const writtenFileUsedTooSoon: Rule = {
  id: 'written-file-used-too-soon',
  family: 'dangling-task',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('createWriteStream'),
  fixes: [],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const fn of facts.functionsIn(file)) {
      const model = modelOf(fn);
      for (const [point, call] of model.operations.entries()) {
        if (call.kind !== 'call' || calledName(call) !== 'pipe' || call.outcome !== 'dropped') continue;
        const stream = streamOf(fn, call);
        const use = stream && !isWaitedFor(fn, point, stream) ? usedAfter(fn, point, stream) : undefined;
        if (stream && use !== undefined) yield findingOf(fn, point, use);
      }
    }
  },
};

/** The stream that is piped into, and the path that it writes to. */
interface FileStream {
  readonly made: Point;
  readonly path: string;
}

function streamOf(fn: ResolvedFunction, pipe: Call): FileStream | undefined {
  const made = resultOf(pipe.arguments[0]?.value);
  const call = made === undefined ? undefined : modelOf(fn).operations[made];
  if (call?.kind !== 'call' || calledName(call) !== 'createWriteStream') return undefined;
  const path = call.arguments[0] && textOf(call.arguments[0].value);
  return path === undefined ? undefined : { made: made!, path };
}

/** What a path is, if it is the same wherever it is written so. */
function textOf(value: Value): string | undefined {
  if (value.kind === 'constant') return typeof value.value === 'string' ? JSON.stringify(value.value) : undefined;
  return value.kind === 'place' && value.place.root.kind !== 'unknown' ? printPlace(value.place) : undefined;
}

/** Somebody listens to the stream, or waits for it: `stream.on('finish', …)`, `await finished(stream)`. */
function isWaitedFor(fn: ResolvedFunction, point: Point, { made }: FileStream): boolean {
  return modelOf(fn).operations.some((operation, at) => {
    if (operation.kind === 'return') return resultOf(operation.value) === made;
    if (operation.kind !== 'call' || at === point) return false;
    const isOn = operation.callee.kind === 'place' && operation.callee.place.root.kind === 'result' && operation.callee.place.root.operation === made;
    return isOn || operation.arguments.some(({ value }) => resultOf(value) === made);
  });
}

/** Where the same path is handed to something else, or given back as done. */
function usedAfter(fn: ResolvedFunction, point: Point, { path }: FileStream): Point | undefined {
  const model = modelOf(fn);
  if (!model.isAsync) return undefined;
  return laterPoints(model, point).find((at) => {
    const operation = model.operations[at];
    if (operation.kind === 'return') return textOf(operation.value) === path;
    if (operation.kind !== 'call' || /^(?:log|debug|info|warn|error|pipe)$/.test(calledName(operation))) return false;
    return operation.arguments.some(({ value }) => textOf(value) === path);
  });
}

function findingOf(fn: ResolvedFunction, point: Point, use: Point): Finding {
  return {
    rule: writtenFileUsedTooSoon.id,
    family: writtenFileUsedTooSoon.family,
    severity: writtenFileUsedTooSoon.severity,
    confidence: 0.85,
    site: { function: fn.key, point },
    message:
      'The file is used before it is written: pipe() only starts to write, nobody waits for the stream to finish, and its errors have no listener. Use await pipeline() of stream/promises.',
    related: [
      { site: { function: fn.key, point }, message: 'Starts to write, and comes back at once' },
      { site: { function: fn.key, point: use }, message: 'Uses the file, which may be empty or half written' },
    ],
    interleaving: {
      sides: [oneRun(undefined, fn.key), 'the stream'],
      steps: [
        first({ function: fn.key, point }, 'starts to write, and goes on at once'),
        second({ function: fn.key, point }, 'writes a first part, and waits for the disk'),
        first({ function: fn.key, point: use }, 'uses the file'),
        second({ function: fn.key, point }, 'writes the rest'),
      ],
      harm: 'wrong',
      outcome: 'What is used is empty, or half of the file.',
    },
    fixes: [],
  };
}
