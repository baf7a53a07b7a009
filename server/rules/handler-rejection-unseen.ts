// A server calls an async handler and drops its promise: one failing request or connection is an unhandled rejection, which ends the process for all.

import { methodOf } from '../model/calls';
import type { Call } from '../model/operation';
import { resultOf } from '../model/value';
import { escapingErrorAt, isCaughtAt } from '../summary/escaping-errors';
import type { Facts } from '../summary/facts';
import { callOfKey, type FunctionKey, fileOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Point } from '../summary/summary';
import type { Finding, Interleaving } from './finding';
import type { ServedBy } from './fix-intent';
import type { Rule } from './rule';
import { callingInFile } from './shared/conditions';
import { first, oneRun, second } from './shared/interleavings';
import { functionsGiven, givesPromise, isTakenCareOf } from './shared/promises';

export const handlerRejectionUnseen: Rule = {
  id: 'handler-rejection-unseen',
  family: 'lost-exception',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  when: callingInFile('createServer', 'createSecureServer', 'on', 'once', 'addListener', 'prependListener', 'prependOnceListener'),
  fixes: ['catch-in-handler'],
  *check(file, facts) {
    if (facts.languageOf(file) !== 'typescript') return;
    for (const fn of facts.functionsIn(file)) {
      for (const [point, operation] of modelOf(fn).operations.entries()) {
        if (operation.kind !== 'call') continue;
        yield* thrownInListener(fn, point, operation, facts);
        const position = handlerPosition(fn, point, facts);
        for (const { value } of position === undefined ? [] : operation.arguments.slice(position)) {
          for (const key of functionsGiven(fn, value, facts)) {
            const lost = lostIn(key, facts);
            if (lost) yield findingOf(fn, point, position === 1 ? { ...lost, thrown: true } : lost, servedBy(fn, point, facts));
          }
        }
      }
    }
  },
};

/** An async listener of an emitter that throws on purpose: nobody gets that. */
function* thrownInListener(fn: ResolvedFunction, point: Point, call: Call, facts: Facts): Iterable<Finding> {
  if (!/^events\.EventEmitter\.(?:on|once|addListener|prependListener|prependOnceListener)$/.test(fn.calls.get(point)?.api?.name ?? '')) return;
  const listener = call.arguments[1]?.value;
  if (!listener || handlerPosition(fn, point, facts) !== undefined || capturesRejections(fn.module.file, facts)) return;
  for (const key of functionsGiven(fn, listener, facts)) {
    const inner = facts.program.functions.get(key);
    const thrown =
      inner && modelOf(inner).isAsync ? modelOf(inner).operations.findIndex((operation, at) => operation.kind === 'raise' && !isCaughtAt(inner, at)) : -1;
    if (!inner || thrown < 0) continue;
    yield {
      rule: handlerRejectionUnseen.id,
      family: handlerRejectionUnseen.family,
      severity: handlerRejectionUnseen.severity,
      confidence: 0.8,
      site: { function: key, point: thrown },
      message: `Nobody gets what is thrown here: ${callOfKey(key)} is an async listener, the emitter drops the promise that it gives, and its rejection is an unhandled one, which ends a Node.js process. Catch it in the listener, or make the emitter with captureRejections.`,
      related: [
        { site: { function: fn.key, point }, message: 'Registers the listener' },
        { site: { function: key, point: thrown }, message: 'Throws into a promise that is dropped' },
      ],
      interleaving: unheard({ function: fn.key, point }, { function: key, point: thrown }, 'emitter'),
      fixes: [],
    };
  }
}

/** Whether some emitter of the file is made so that it looks at its listeners' promises. */
function capturesRejections(file: string, facts: Facts): boolean {
  return facts.once(capturesRejections, file, () =>
    facts
      .functionsIn(file)
      .some((fn) =>
        modelOf(fn).operations.some((operation) => operation.kind === 'call' && operation.arguments.some(({ name }) => name === 'captureRejections')),
      ),
  );
}

/** Where a server takes what it calls for each request or connection; it looks at nothing that this gives. */
function handlerPosition(fn: ResolvedFunction, point: Point, facts: Facts): number | undefined {
  const call = modelOf(fn).operations[point];
  if (call.kind !== 'call' || call.callee.kind !== 'place') return undefined;
  const api = fn.calls.get(point)?.api?.name ?? '';
  if (/^(?:http|https|http2|net|tls)\.create(?:Secure)?Server$/.test(api)) return 0;
  const event = call.arguments[0]?.value;
  if (!/^(?:on|once|addListener)$/.test(methodOf(call)) || event?.kind !== 'constant' || !/^(?:connection|request|upgrade)$/.test(String(event.value)))
    return undefined;
  const { resolver } = facts.program;
  const type = resolver.typeOfPlace(fn.module, fn.index, call.callee.place, call.callee.place.path.length - 1);
  const name = type?.kind === 'library' ? type.name : '';
  return /^(?:ws\.(?:WebSocketServer|Server)|socket\.io\.Server|events\.EventEmitter|(?:http|https|net|tls)\.Server)$/.test(name) ? 1 : undefined;
}

/** How the handler gets at the other side; undefined where that is not known. */
function servedBy(fn: ResolvedFunction, point: Point, facts: Facts): ServedBy | undefined {
  const call = modelOf(fn).operations[point];
  const api = fn.calls.get(point)?.api?.name ?? '';
  if (/^(?:http|https|http2)\.create/.test(api)) return 'response';
  if (/^(?:net|tls)\.create/.test(api)) return 'socket';
  if (call.kind !== 'call' || call.callee.kind !== 'place') return undefined;
  const type = facts.program.resolver.typeOfPlace(fn.module, fn.index, call.callee.place, call.callee.place.path.length - 1);
  const name = type?.kind === 'library' ? type.name : '';
  const event = call.arguments[0]?.value.kind === 'constant' ? call.arguments[0].value.value : undefined;
  if (event === 'connection') return name.startsWith('ws.') ? 'web-socket' : /^(?:net|tls)\./.test(name) ? 'socket' : undefined;
  return event === 'request' && /^https?\./.test(name) ? 'response' : undefined;
}

interface Lost {
  readonly fn: ResolvedFunction;
  readonly point: Point;
  /** A function of the workspace throws there, on purpose, or a connection is lost with it. */
  readonly thrown: boolean;
}

/** Where what goes wrong leaves a handler, or the async function that it hands on to. */
function lostIn(key: FunctionKey, facts: Facts, depth = 2): Lost | undefined {
  const fn = facts.program.functions.get(key);
  if (!fn || depth === 0) return undefined;
  const model = modelOf(fn);
  const point = model.isAsync ? escapingErrorAt(fn, (callee) => facts.summaryOf(callee)) : undefined;
  if (point !== undefined) return { fn, point, thrown: throwsIn(fn, facts, 3) };
  if (model.isAsync) return undefined;
  for (const operation of model.operations) {
    const made = operation.kind === 'return' ? resultOf(operation.value) : undefined;
    if (made === undefined || isTakenCareOf(model, made) || givesPromise(fn, made, facts) !== 'yes') continue;
    const call = fn.calls.get(made);
    const [target] = call?.targets ?? [];
    const lost = target === undefined || fileOfKey(target) !== fn.module.file ? undefined : lostIn(target, facts, depth - 1);
    if (lost) return lost;
  }
  return undefined;
}

/** Whether a function, or one that it waits for, throws an error outside any try. */
function throwsIn(fn: ResolvedFunction, facts: Facts, depth: number): boolean {
  const { operations } = modelOf(fn);
  return operations.some((operation, point) => {
    if (operation.kind === 'raise') return !isCaughtAt(fn, point);
    if (operation.kind !== 'call' || depth === 0 || isCaughtAt(fn, point)) return false;
    return (fn.calls.get(point)?.targets ?? []).some((target) => {
      const callee = fileOfKey(target) === fn.module.file ? facts.program.functions.get(target) : undefined;
      return callee !== undefined && callee !== fn && throwsIn(callee, facts, depth - 1);
    });
  });
}

/** The promise is dropped before it is rejected. */
function unheard(registers: Site, fails: Site, caller: string): Interleaving {
  return {
    sides: [caller, oneRun(undefined, fails.function)],
    steps: [
      first(registers, 'calls it, and drops its promise'),
      second(fails, 'fails, and its promise is rejected'),
      first(registers, 'has gone on long since'),
    ],
    harm: 'fails',
    outcome: 'The rejection is an unhandled one, which ends a Node.js process.',
  };
}

function findingOf(fn: ResolvedFunction, point: Point, lost: Lost, served: ServedBy | undefined): Finding {
  return {
    rule: handlerRejectionUnseen.id,
    family: handlerRejectionUnseen.family,
    // What is only feared to fail in one request is worth a hint; a throw that the workspace has written, and what makes up
    // a whole connection, is to be reckoned with.
    ...(lost.thrown ? { severity: handlerRejectionUnseen.severity, confidence: 0.8 } : { severity: 'hint', confidence: 0.5 }),
    site: { function: fn.key, point },
    message: `One failing request ends the process for all: ${callOfKey(lost.fn.key)} is async and the server drops the promise that it gives, so that whatever it is rejected with is an unhandled rejection. Catch what goes wrong in the handler and end the request or the connection there.`,
    related: [
      { site: { function: fn.key, point }, message: 'Has the handler called, and drops its promise' },
      { site: { function: lost.fn.key, point: lost.point }, message: 'May be rejected, and nothing catches it' },
    ],
    interleaving: unheard({ function: fn.key, point }, { function: lost.fn.key, point: lost.point }, 'server'),
    fixes: served ? [{ kind: 'catch-in-handler', site: { function: fn.key, point }, served }] : [],
  };
}
