// Condition changes: whether whoever notifies a condition changes what a wait on it tests, so that testing again can end the wait.
import { type CellKey, type FunctionKey, fileOfKey } from '../../summary/keys';
import type { Program } from '../../summary/program';
import { modelOf } from '../../summary/resolved';
import { type Span, spanContains } from '../../text/span';

/** A flag of the object itself that somebody sets before notifying: `closed`, and whether it ends the wait by being true. */
export interface EndingFlag {
  readonly name: string;
  readonly value: boolean;
}

/**
 * The flags that have to be tested as well, since somebody sets just them and notifies. Undefined where a notify is for
 * something that is not known, or nobody notifies: who tests again might then wait for ever.
 */
export function flagsBeside(program: Program, waiter: FunctionKey, wait: number, test: Span): readonly EndingFlag[] | undefined {
  const condition = program.summaries.get(waiter)?.uses.find((use) => use.point === wait)?.cell.key;
  const tested = testedIn(program, waiter, test);
  if (condition === undefined || tested.size === 0) return undefined;
  const flags = new Map<string, EndingFlag>();
  let notifiers = 0;
  for (const key of program.functions.get(waiter)?.module.functionKeys ?? []) {
    if (key === waiter || !notifies(program, key, condition)) continue;
    notifiers++;
    if (changes(program, key, tested)) continue;
    const flag = flagSetIn(program, key);
    if (!flag) return undefined;
    flags.set(flag.name, flag);
  }
  return notifiers === 0 ? undefined : [...flags.values()];
}

function testedIn(program: Program, waiter: FunctionKey, test: Span): Set<CellKey> {
  const fn = program.functions.get(waiter);
  const found = new Set<CellKey>();
  if (!fn) return found;
  for (const [point, operation] of modelOf(fn).operations.entries()) {
    if (!spanContains(test, operation.span.start) || !spanContains(test, operation.span.end)) continue;
    const cell = fn.cells.get(point)?.key;
    if (cell !== undefined) found.add(cell);
    for (const use of program.summaries.get(waiter)?.uses ?? []) if (use.point === point) found.add(use.cell.key);
    for (const target of fn.calls.get(point)?.targets ?? []) for (const access of program.summaries.get(target)?.accesses ?? []) found.add(access.cell.key);
  }
  return found;
}

function notifies(program: Program, key: FunctionKey, condition: CellKey): boolean {
  return (program.summaries.get(key)?.uses ?? []).some((use) => use.cell.key === condition && /\.(?:notify|notify_all|notifyAll)$/.test(use.api));
}

/** Itself, or through a method of the file that it calls. */
function changes(program: Program, key: FunctionKey, tested: ReadonlySet<CellKey>, depth = 2): boolean {
  const summary = program.summaries.get(key);
  const isTested = (cell: CellKey) => [...tested].some((each) => cell === each || cell.startsWith(`${each}.`) || cell.startsWith(`${each}[`));
  if (!summary) return false;
  if (summary.accesses.some((access) => access.write && isTested(access.cell.key))) return true;
  if (summary.uses.some((use) => isTested(use.cell.key) && /\.(?:put|put_nowait|set|clear|append|appendleft|add|set_result)$/.test(use.api))) return true;
  return depth > 0 && summary.calls.some((call) => fileOfKey(call.target) === fileOfKey(key) && changes(program, call.target, tested, depth - 1));
}

/** `self._closed = True`, where that is all that the function writes on its object, and nobody takes it back. */
function flagSetIn(program: Program, key: FunctionKey): EndingFlag | undefined {
  const writes = (program.summaries.get(key)?.accesses ?? []).filter((access) => access.write && access.onReceiver);
  const fn = program.functions.get(key);
  const written = (of: FunctionKey, point: number) => {
    const other = program.functions.get(of);
    const operation = other && modelOf(other).operations[point];
    return operation?.kind === 'write' && operation.value.kind === 'constant' ? { place: operation.place, value: operation.value.value } : undefined;
  };
  const [only] = writes;
  const { place, value } = (only && written(key, only.point)) ?? {};
  if (!fn || writes.length !== 1 || place?.root.kind !== 'receiver' || place.path.length !== 1 || typeof value !== 'boolean') return undefined;
  for (const other of fn.module.functionKeys) {
    for (const access of program.summaries.get(other)?.accesses ?? [])
      if (access.write && !access.owned && access.cell.key === only.cell.key && written(other, access.point)?.value !== value) return undefined;
  }
  const [name] = place.path;
  return typeof name === 'string' ? { name, value } : undefined;
}
