// Origins: which earlier operations of a function flow into a later one, through locals, calls and awaits.
import type { ModelFunction } from '../model/module';
import type { Point } from './summary';

/** The calls among all operations that flow, directly or through others, into those given. */
export function callsBehind(model: ModelFunction, numbers: readonly number[]): readonly Point[] {
  return [...behind(model, numbers)].filter((number) => model.operations[number].kind === 'call');
}

/** Everything that flows into operations, with themselves. */
export function behind(model: ModelFunction, numbers: readonly number[]): ReadonlySet<Point> {
  const found = new Set<number>();
  const pending = [...numbers];
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    if (found.has(number)) continue;
    found.add(number);
    pending.push(...model.operations[number].depends);
  }
  return found;
}
