// A loop goes through a shared collection and waits in between, while other tasks put things in or take things out.
import { methodOf } from '../model/calls';
import type { ModelFunction } from '../model/module';
import type { Block, Loop, Step } from '../model/operation';
import { ELEMENT } from '../model/place';
import { resultOf, type Value } from '../model/value';
import { type Cell, cellOf } from '../summary/cells';
import type { CellAccess, Facts } from '../summary/facts';
import { callOfKey, fileOfKey, nameOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { loopsIn, pointsIn } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { asyncFunctions } from './shared/await-flow';
import { givesWay } from './shared/await-interleavings';
import { canMeet, inFlightTwice, type Reason } from './shared/in-flight';
import { innerChanges } from './shared/inner-changes';
import { first, second, twoCalls } from './shared/interleavings';
import { type OutdatedPosition, outdatedPositions } from './shared/outdated-positions';
import { type Shifted, shiftedIn } from './shared/shifted-arrays';

export const collectionChangedWhileAwaiting: Rule = {
  id: 'collection-changed-while-awaiting',
  family: 'await-race',
  languages: ['python', 'typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['iterate-copy'],
  *check(file, facts) {
    for (const fn of facts.functionsIn(file))
      if (fn.module.language === 'typescript') for (const late of outdatedPositions(fn, facts)) yield positionFinding(late);
    for (const fn of asyncFunctions(file, facts)) {
      if (fn.module.language === 'typescript') {
        for (const shifted of shiftedIn(fn, facts)) yield shiftedFinding(fn, shifted);
        continue;
      }
      for (const loop of loopsIn(modelOf(fn).body)) {
        const gone = loop.over && collectionOf(fn, loop.over, facts);
        const cell = gone?.cell;
        const points = cell && waits(modelOf(fn), loop.body) ? pointsIn(modelOf(fn), loop.body) : [];
        const operations = modelOf(fn).operations;
        const awaited = points.find((point) => point >= 0 && operations[point].kind === 'await');
        if (!gone || !cell || awaited === undefined || isSliced(fn, gone, points[0] ?? awaited)) continue;
        const change = changeOf(fn, gone, loop, awaited, facts);
        if (!change) continue;
        const { access, reason } = change;
        const place = nameOfKey(cell.key);
        const head = points.find((point) => point >= 0 && operations[point].depends.length > 0) ?? awaited;
        const start = lastReadBefore(fn, cell, head);
        yield {
          rule: collectionChangedWhileAwaiting.id,
          family: collectionChangedWhileAwaiting.family,
          severity: reason.known && !REGISTERS.test(nameOfKey(access.function).split('.').at(-1)!) ? 'warning' : 'information',
          confidence: reason.known ? 0.85 : 0.55,
          site: { function: fn.key, point: start },
          message: `${place} can change while this loop waits: at the await other tasks run, ${callOfKey(access.function)} changes ${place}, and the loop goes on over a changed collection, which raises RuntimeError for a dict or set and skips items of a list. ${reason.text} Go through a copy, such as list(${place.split('.').at(-1)}), or hold a lock on both sides.`,
          related: [
            { site: { function: fn.key, point: start }, message: `One task: goes through ${place}` },
            { site: { function: fn.key, point: awaited }, message: 'One task: waits here, with the loop half done' },
            { site: { function: access.function, point: access.point }, message: `Another task: ${callOfKey(access.function)} changes ${place}` },
          ],
          interleaving: {
            sides: twoCalls(fn.key, access.function),
            steps: [
              first({ function: fn.key, point: start }, `goes through ${place}, and has an item`),
              givesWay({ function: fn.key, point: awaited }),
              second(access, `changes ${place}`),
              first({ function: fn.key, point: start }, `asks ${place} for the next item`),
            ],
            harm: 'fails',
            outcome: 'A dict or set raises RuntimeError, since it has changed meanwhile; of a list items are skipped.',
          },
          fixes: [{ kind: 'iterate-copy', site: { function: fn.key, point: start } }],
        };
      }
    }
  },
};

/** In JavaScript nothing is raised: what follows an item that is taken out moves up, and the loop goes past it. */
function shiftedFinding(fn: ResolvedFunction, { cell, loop, awaited, change, reason }: Shifted): Finding {
  const place = nameOfKey(cell.key);
  const other = callOfKey(change.function);
  return {
    rule: collectionChangedWhileAwaiting.id,
    family: collectionChangedWhileAwaiting.family,
    severity: reason.known ? 'warning' : 'information',
    confidence: reason.known ? 0.8 : 0.55,
    site: loop,
    message: `This loop over ${place} can skip items: at its await other code runs, ${other} takes items out of ${place} or puts some in front, and those behind move to where ${callOfKey(fn.key)} has already been, or is going to be again. ${reason.text} Go through a copy: [...${place.split('.').at(-1)}].`,
    related: [
      { site: loop, message: `${callOfKey(fn.key)}: goes through ${place}` },
      { site: awaited, message: `${callOfKey(fn.key)}: waits here, with the loop half done` },
      { site: change, message: `Meanwhile: ${other} moves the items of ${place}` },
    ],
    interleaving: {
      sides: twoCalls(fn.key, change.function),
      steps: [
        first(loop, `goes through ${place}, and has an item`),
        givesWay(awaited),
        second(change, `moves the items of ${place}`),
        first(loop, 'goes on at the next position, where another item stands now'),
      ],
      harm: 'wrong',
      outcome: `Items of ${place} are skipped, or come twice.`,
    },
    fixes: [{ kind: 'iterate-copy', site: loop }],
  };
}

/** A number says where an item stood; the item itself can be looked for again. */
function positionFinding({ cell, found, awaited, used, moved, reason }: OutdatedPosition): Finding {
  const place = nameOfKey(cell.key);
  return {
    rule: collectionChangedWhileAwaiting.id,
    family: collectionChangedWhileAwaiting.family,
    severity: reason.known ? 'warning' : 'information',
    confidence: reason.known ? 0.8 : 0.6,
    site: used,
    message: `This can hit another item of ${place}: its position is found out before the wait, and while ${callOfKey(found.function)} waits ${callOfKey(moved.function)} may move the items. ${reason.text} Look for the item again after the wait, and see whether it is still there.`,
    related: [
      { site: found, message: `${callOfKey(found.function)}: finds out where the item stands` },
      { site: awaited, message: `${callOfKey(awaited.function)}: waits here` },
      { site: moved, message: `Meanwhile: ${callOfKey(moved.function)} moves the items of ${place}` },
      { site: used, message: 'Then: uses the old position' },
    ],
    interleaving: {
      sides: twoCalls(found.function, moved.function),
      steps: [
        first(found, `finds out where the item stands in ${place}`),
        givesWay(awaited),
        second(moved, `moves the items of ${place}`),
        first(used, 'uses the old position, where another item stands now'),
      ],
      harm: 'wrong',
      outcome: `Another item of ${place} is hit than the one that was meant.`,
    },
    fixes: [],
  };
}

/** A collection in a cell, or one of several that are kept there: `self.listeners[topic]`. */
interface Collection {
  readonly cell: Cell;
  readonly inner: boolean;
}

/** The collection itself, its views, and what numbers or turns it without a copy. */
function collectionOf(fn: ResolvedFunction, over: Value, facts: Facts): Collection | undefined {
  if (over.kind !== 'place') return undefined;
  const made = resultOf(over);
  if (made !== undefined) {
    const call = modelOf(fn).operations[made];
    if (call?.kind !== 'call' || call.callee.kind !== 'place') return undefined;
    const name = call.callee.place.path.at(-1);
    const holder: Value = { kind: 'place', place: { root: call.callee.place.root, path: call.callee.place.path.slice(0, -1) } };
    if (name !== undefined && /^(?:items|values|keys)$/.test(name) && call.arguments.length === 0) return collectionOf(fn, holder, facts);
    if (name === 'get' && call.arguments.length > 0) {
      const outer = collectionOf(fn, holder, facts);
      return outer && !outer.inner ? { cell: outer.cell, inner: true } : undefined;
    }
    const global = call.callee.place.root.kind === 'global' ? call.callee.place.root.name : undefined;
    return /^(?:enumerate|reversed)$/.test(global ?? '') && call.arguments[0] ? collectionOf(fn, call.arguments[0].value, facts) : undefined;
  }
  const cell = cellOf(facts.program.resolver, fn.module, fn.index, over.place);
  return cell && { cell, inner: over.place.path.at(-1) === ELEMENT };
}

/** Somebody else who changes the collection, and can do so meanwhile. */
function changeOf(
  fn: ResolvedFunction,
  { cell, inner }: Collection,
  loop: Loop,
  awaited: number,
  facts: Facts,
): { access: CellAccess; reason: Reason } | undefined {
  const inside = new Set(pointsIn(modelOf(fn), loop.body));
  const held = new Set([
    ...(facts.summaryOf(fn.key)?.awaits.find((each) => each.point === awaited)?.held ?? []).map((lock) => lock.lock),
    ...(facts.contextOf(fn.key).entry ?? []),
  ]);
  const accesses = inner ? [...facts.accessesOf(cell.key), ...facts.accessesOf(cell.key + ELEMENT)] : facts.accessesOf(cell.key);
  const sized = accesses.filter((access) => {
    const other = facts.program.functions.get(access.function);
    return other !== undefined && access.write && access.cell.element && changesSize(other, access.point, inner);
  });
  const changes = [...sized, ...(inner ? innerChanges(cell.key, facts) : [])].flatMap((access) => {
    const other = facts.program.functions.get(access.function);
    if (!other || access.owned || fileOfKey(access.function) !== fileOfKey(fn.key)) return [];
    const { kind, name } = modelOf(other);
    if (kind === 'module' || kind === 'constructor' || isHarmlessAddition(other, access.point, facts)) return [];
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

/** A key is put in or taken out, an item added or removed, of the collection itself or of one that is kept in it. */
function changesSize(fn: ResolvedFunction, point: number, inner: boolean): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind === 'write') return operation.mode !== 'update' && isInner(operation.place.path.slice(0, -1)) === inner;
  if (operation?.kind !== 'call' || operation.callee.kind !== 'place' || isInner(operation.callee.place.path.slice(0, -1)) !== inner) return false;
  return /^(?:append|appendleft|add|insert|extend|update|setdefault|remove|discard|pop|popleft|popitem|clear)$/.test(methodOf(operation));
}

function isInner(path: readonly string[]): boolean {
  return path.at(-1) === ELEMENT;
}

/** `self.items[:]` is a copy. */
function isSliced(fn: ResolvedFunction, { cell, inner }: Collection, before: number): boolean {
  if (!inner) return false;
  const reads = [...fn.cells].flatMap(([number, found]) => {
    const operation = modelOf(fn).operations[number];
    return number <= before && found.key === cell.key && operation.kind === 'read' ? [operation] : [];
  });
  return reads.at(-1)?.by === 'slice' || reads.some((read) => read.by === 'slice');
}

/** What is appended to a list comes last, and the loop finds it there. */
function isHarmlessAddition(fn: ResolvedFunction, point: number, facts: Facts): boolean {
  const operation = modelOf(fn).operations[point];
  if (operation?.kind !== 'call' || operation.callee.kind !== 'place' || !/^(?:append|extend)$/.test(methodOf(operation))) return false;
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
