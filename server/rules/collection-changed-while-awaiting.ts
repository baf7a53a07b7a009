// A loop goes through a shared collection and waits in between, while other tasks put things in or take things out.
import type { ModelFunction } from '../model/module';
import type { Block, Loop, Step } from '../model/operation';
import type { Value } from '../model/value';
import { type Cell, cellOf } from '../summary/cells';
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, fileOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { pointsIn } from '../summary/structure';
import { asyncFunctions } from './await-flow';
import { canMeet, inFlightTwice, type Reason } from './in-flight';
import type { Rule } from './rule';

export const collectionChangedWhileAwaiting: Rule = {
  id: 'collection-changed-while-awaiting',
  family: 'await-race',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  repaired: false,
  *check(file, facts) {
    for (const fn of asyncFunctions(file, facts)) {
      for (const loop of loopsIn(modelOf(fn).body)) {
        const cell = loop.over && cellGoneThrough(fn, loop.over, facts);
        const points = cell && waits(modelOf(fn), loop.body) ? pointsIn(modelOf(fn), loop.body) : [];
        const operations = modelOf(fn).operations;
        const awaited = points.find((point) => point >= 0 && operations[point].kind === 'await');
        // An element is a collection of its own, and a slice is a copy.
        if (!cell || cell.element || awaited === undefined) continue;
        const change = changeOf(fn, cell, loop, awaited, facts);
        if (!change) continue;
        const { access, reason } = change;
        const place = nameOfKey(cell.key);
        const head = points.find((point) => point >= 0 && operations[point].depends.length > 0) ?? awaited;
        const start = lastReadBefore(fn, cell, head);
        yield {
          rule: collectionChangedWhileAwaiting.id,
          family: collectionChangedWhileAwaiting.family,
          severity: reason.known ? 'warning' : 'information',
          confidence: reason.known ? 0.85 : 0.55,
          site: { function: fn.key, point: start },
          message: `${place} can change while this loop waits: at the await other tasks run, ${callOfKey(access.function)} changes ${place}, and the loop goes on over a changed collection, which raises RuntimeError for a dict or set and skips items of a list. ${reason.text} Go through a copy, such as list(${place.split('.').at(-1)}), or hold a lock on both sides.`,
          related: [
            { site: { function: fn.key, point: start }, message: `One task: goes through ${place}` },
            { site: { function: fn.key, point: awaited }, message: 'One task: waits here, with the loop half done' },
            { site: { function: access.function, point: access.point }, message: `Another task: ${callOfKey(access.function)} changes ${place}` },
          ],
          fixes: [],
        };
      }
    }
  },
};

function* loopsIn(block: Block): Iterable<Loop> {
  for (const step of block) {
    if (typeof step === 'number') continue;
    if (step.kind === 'loop') yield step;
    const parts =
      step.kind === 'branch'
        ? step.arms
        : step.kind === 'loop'
          ? [step.body, step.otherwise]
          : step.kind === 'with'
            ? [step.body]
            : [step.body, ...step.handlers, step.otherwise, step.final];
    for (const part of parts) yield* loopsIn(part);
  }
}

/** The collection itself, its views, and what numbers or turns it without a copy. */
function cellGoneThrough(fn: ResolvedFunction, over: Value, facts: Facts): Cell | undefined {
  if (over.kind !== 'place') return undefined;
  const { root, path } = over.place;
  if (root.kind === 'result' && path.length === 0) {
    const call = modelOf(fn).operations[root.operation];
    if (call?.kind !== 'call' || call.callee.kind !== 'place') return undefined;
    const name = call.callee.place.path.at(-1);
    if (name !== undefined && /^(?:items|values|keys)$/.test(name) && call.arguments.length === 0)
      return cellGoneThrough(fn, { kind: 'place', place: { root: call.callee.place.root, path: call.callee.place.path.slice(0, -1) } }, facts);
    const global = call.callee.place.root.kind === 'global' ? call.callee.place.root.name : undefined;
    return /^(?:enumerate|reversed)$/.test(global ?? '') && call.arguments[0] ? cellGoneThrough(fn, call.arguments[0].value, facts) : undefined;
  }
  return cellOf(facts.program.resolver, fn.module, fn.index, over.place);
}

/** Somebody else who changes the collection, and can do so meanwhile. */
function changeOf(fn: ResolvedFunction, cell: Cell, loop: Loop, awaited: number, facts: Facts): { access: CellAccess; reason: Reason } | undefined {
  const inside = new Set(pointsIn(modelOf(fn), loop.body));
  const held = new Set([
    ...(facts.summaryOf(fn.key)?.awaits.find((each) => each.point === awaited)?.held ?? []).map((lock) => lock.lock),
    ...(facts.contextOf(fn.key).entry ?? []),
  ]);
  const changes = facts.accessesOf(cell.key).flatMap((access) => {
    const other = facts.program.functions.get(access.function);
    if (!other || !access.write || !access.cell.element || access.owned || fileOfKey(access.function) !== fileOfKey(fn.key)) return [];
    const { kind, name } = modelOf(other);
    if (kind === 'module' || kind === 'constructor' || !changesSize(other, access.point) || isHarmlessAddition(other, access.point, facts)) return [];
    if ([...facts.guardsOf(access)].some((lock) => held.has(lock))) return [];
    if (other.key === fn.key && inside.has(access.point)) return [];
    const reason = other.key === fn.key ? inFlightTwice(fn, access.onReceiver, facts) : canMeet(fn, other, facts);
    // What is registered is registered when the program starts.
    if (!reason || (!reason.known && (other.key === fn.key || REGISTERS.test(name)))) return [];
    return [{ access, reason }];
  });
  return changes.find(({ reason }) => reason.known) ?? changes[0];
}

const REGISTERS =
  /^_*(?:add|register|subscribe|on|use|include|install|set|bind|connect|append|configure|load|unregister|remove|off)_?\w*(?:handler|listener|callback|plugin|route|middleware|hook|extension|cog|command|observer|filter|param|header|option|default)/i;

/** A key is put in or taken out, an item added or removed; reading `x[k]` for its part does not count. */
function changesSize(fn: ResolvedFunction, point: number): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind === 'write') return operation.mode !== 'update';
  const name = operation?.kind === 'call' && operation.callee.kind === 'place' ? operation.callee.place.path.at(-1) : undefined;
  return name !== undefined && /^(?:append|appendleft|add|insert|extend|update|setdefault|remove|discard|pop|popleft|popitem|clear)$/.test(name);
}

/** What is appended to a list comes last, and the loop finds it there. */
function isHarmlessAddition(fn: ResolvedFunction, point: number, facts: Facts): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind !== 'call' || operation.callee.kind !== 'place' || !/^(?:append|extend)$/.test(operation.callee.place.path.at(-1) ?? '')) return false;
  const holder = { root: operation.callee.place.root, path: operation.callee.place.path.slice(0, -1) };
  const type = facts.program.resolver.typeOfPlace(fn.module, fn.index, holder);
  return !(type?.kind === 'library' && type.name.endsWith('deque'));
}

/** Where the collection is read for the loop. */
function lastReadBefore(fn: ResolvedFunction, cell: Cell, point: number): number {
  const reads = [...fn.cells].filter(
    ([number, found]) => number <= point && found.key === cell.key && !found.element && modelOf(fn).operations[number].kind === 'read',
  );
  return reads.at(-1)?.[0] ?? point;
}

/** Whether a round can wait and still be followed by another. */
function waits(model: ModelFunction, body: Block): boolean {
  let next = false;
  const walk = (block: Block, waited: boolean): readonly boolean[] => {
    let ways: readonly boolean[] = [waited];
    for (const step of block) ways = [...new Set(ways.flatMap((each) => through(step, each)))];
    return ways;
  };
  const through = (step: Step, waited: boolean): readonly boolean[] => {
    if (typeof step === 'number') {
      const { kind } = model.operations[step];
      if (kind === 'continue' && waited) next = true;
      if (kind === 'return' || kind === 'raise' || kind === 'break' || kind === 'continue') return [];
      return [waited || kind === 'await'];
    }
    if (step.kind === 'branch') return step.arms.flatMap((arm) => walk(arm, waited));
    // A break inside leaves the inner loop only.
    if (step.kind === 'loop') return [waited, ...walk(step.body, waited)];
    if (step.kind === 'with') return walk(step.body, waited);
    const thrown = step.handlers.length > 0 && pointsIn(model, step.body).some((point) => point >= 0 && model.operations[point].kind === 'await');
    const ends = [
      ...walk(step.body, waited).flatMap((each) => walk(step.otherwise, each)),
      ...step.handlers.flatMap((handler) => walk(handler, waited || thrown)),
    ];
    return ends.flatMap((each) => walk(step.final, each));
  };
  return walk(body, false).includes(true) || next;
}
