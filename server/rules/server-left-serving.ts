// A thread serves or runs an event loop for ever, and nothing tells the server or the loop to stop.
import { methodOf } from '../model/calls';
import type { Facts } from '../summary/facts';
import { type CellKey, callOfKey, fileOfKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { NAME } from '../summary/points';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { calledBy, leavesToBase } from './shared/call-tree';
import { closingMethods, isSingleton } from './shared/closing-methods';
import { first, second } from './shared/interleavings';
import { argumentOf, type MadeObject, madeIn } from './shared/made-objects';
import { lifeInCell, lifeOf } from './shared/object-life';
import { isDaemon } from './shared/started-work';

/** Methods that go on until another one is called. */
const RUNS = /^(?:serve_forever|run_forever)$/;
const STOPS = /^(?:shutdown|stop|_stop|close_all|call_soon_threadsafe|__exit__)$/;

export const serverLeftServing: Rule = {
  id: 'server-left-serving',
  family: 'lifecycle',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  fixes: [],
  *check(file, facts) {
    for (const made of madeIn(file, facts, (api) => api === 'threading.Thread')) {
      const finding = leftServing(made, facts);
      if (finding) yield finding;
    }
  },
};

function leftServing(made: MadeObject, facts: Facts): Finding | undefined {
  const { fn } = made;
  const at = modelOf(fn).class;
  const owner = at === undefined ? undefined : fn.module.classKeys[at];
  const served = servedBy(made, facts);
  if (owner === undefined || !served || isSingleton(owner, facts)) return undefined;
  const life = lifeInCell(facts, served.on);
  if (life.escapes || life.offered || life.uses.some((use) => STOPS.test(use.name))) return undefined;
  const closing = closingMethods(owner, facts);
  if (leavesToBase(facts, new Set(closing.flatMap((key) => [...calledBy(facts, key)])))) return undefined;
  const thread = lifeOf(facts, fn.key, made.point);
  const daemon = isDaemon(made.call, thread, undefined, facts);
  const joins = thread.uses.find((use) => use.name === 'join' && !use.given);
  // A daemon that serves as long as the program lives is as it should be.
  if (daemon !== false && closing.length === 0 && !joins) return undefined;
  const [what, end] = [nameOfKey(served.on), closing[0] === undefined ? undefined : callOfKey(closing[0])];
  return {
    rule: serverLeftServing.id,
    family: serverLeftServing.family,
    severity: daemon === false || joins ? 'warning' : 'information',
    confidence: 0.7,
    site: { function: fn.key, point: made.point },
    message: `This thread never ends: it runs ${served.method}() of ${what} until ${served.method === 'run_forever' ? 'stop()' : 'shutdown()'} is called, and nobody calls that${end === undefined ? '' : `, not even ${end}`}, so that ${
      joins ? `${callOfKey(joins.site.function)} waits for it for ever` : daemon === false ? 'the program cannot end' : 'it goes on after the object is closed'
    }. ${served.method === 'run_forever' ? `Have the loop stopped with ${what}.call_soon_threadsafe(${what}.stop)` : `Call ${what}.shutdown()`}, then join the thread.`,
    related: [
      { site: { function: fn.key, point: made.point }, message: `${callOfKey(fn.key)} starts the thread here` },
      ...(served.site ? [{ site: served.site, message: `It runs ${served.method}() here` }] : []),
      ...(joins ? [{ site: joins.site, message: `${callOfKey(joins.site.function)} waits here for the thread to end` }] : []),
    ],
    interleaving: {
      sides: ['owner of the thread', `thread running ${served.method}()`],
      steps: [
        first({ function: fn.key, point: made.point }, 'starts the thread'),
        second(served.site ?? { function: fn.key, point: made.point }, `runs ${served.method}() until it is told to stop`),
        ...(closing[0] === undefined ? [] : [first({ function: closing[0], point: NAME }, 'ends the object, and tells the thread nothing')]),
        ...(joins ? [first(joins.site, 'waits for the thread to end')] : []),
      ],
      ...(joins || daemon === false
        ? { harm: 'stuck', outcome: `The thread never ends, and ${joins ? 'whoever waits for it waits for ever' : 'the program cannot end either'}.` }
        : { harm: 'wrong', outcome: 'The thread goes on for an object that has ended.' }),
    },
    fixes: [],
  };
}

interface Served {
  readonly on: CellKey;
  readonly method: string;
  readonly site?: Site;
}

/** The server or loop that a thread runs: its target is the method itself, or a function of the file that calls it. */
function servedBy(made: MadeObject, facts: Facts): Served | undefined {
  const target = argumentOf(made.call, 'target', 1);
  const method = target?.kind === 'place' ? target.place.path.at(-1) : undefined;
  if (method !== undefined && RUNS.test(method)) {
    const given = made.call.arguments.find((argument) => argument.value === target);
    const on = holderOf(made.fn, given?.depends ?? [], facts);
    return on === undefined ? undefined : { on, method };
  }
  for (const spawn of made.fn.calls.get(made.point)?.spawns ?? []) {
    const fn = spawn.function === undefined ? undefined : facts.program.functions.get(spawn.function);
    if (!fn || fileOfKey(fn.key) !== made.fn.module.file) continue;
    for (const [point, operation] of modelOf(fn).operations.entries()) {
      if (operation.kind !== 'call' || operation.callee.kind !== 'place' || !RUNS.test(methodOf(operation))) continue;
      const on = operation.depends.map((number) => fn.cells.get(number)?.key).find((cell) => cell !== undefined);
      if (on !== undefined) return { on, method: operation.callee.place.path.at(-1)!, site: { function: fn.key, point } };
    }
  }
  return undefined;
}

/** The field that holds the object of which a bound method is handed on. */
function holderOf(fn: ResolvedFunction, depends: readonly number[], facts: Facts): CellKey | undefined {
  for (const number of depends) {
    const operation = modelOf(fn).operations[number];
    const cell = fn.cells.get(number)?.key;
    if (operation.kind !== 'read') continue;
    // The read is of the bound method; the object is one step before.
    if (cell !== undefined && RUNS.test(operation.place.path.at(-1) ?? '')) {
      const holder = cell.slice(0, cell.lastIndexOf('.'));
      if (facts.accessesOf(holder).length > 0) return holder;
    }
    const receiver = { root: operation.place.root, path: operation.place.path.slice(0, -1) };
    for (const [other, found] of fn.cells) {
      const earlier = modelOf(fn).operations[other];
      if ((earlier.kind === 'read' || earlier.kind === 'write') && JSON.stringify(earlier.place) === JSON.stringify(receiver)) return found.key;
    }
  }
  return undefined;
}
