// Interleavings of processes: a child that has a copy of what its parent has, or that begins the same all over again.
import { callOfKey, type FunctionKey } from '../../summary/keys';
import type { Site } from '../../summary/locate';
import type { Interleaving, InterleavingStep } from '../finding';
import { first, type Sides, second } from './interleavings';

/** Parent and child, by what the child runs. */
export function parentAndChild(runs: FunctionKey): Sides {
  return ['parent process', `child process running ${callOfKey(runs)}`];
}

/** Where the child is made, and gets a copy of all objects; no step where that is not known. */
export function copiedAt(start: Site | undefined): InterleavingStep[] {
  return start ? [first(start, 'starts the child, which gets a copy of all objects')] : [];
}

/** A child loads the file that started it, and comes to the very line that did; `way` ends where that is. */
export function begunAgain(way: readonly Site[], does: string, again: string, outcome: string): Interleaving {
  const [site] = way;
  const last = way.at(-1)!;
  return {
    sides: ['parent process', 'child process'],
    steps: [
      ...way.slice(0, -1).map((step, at) => first(step, `calls ${callOfKey(way[at + 1].function)} while the file is being loaded`)),
      first(last, does),
      second(site, 'loads the same file again, and comes to this line'),
      ...(way.length > 1 ? [second(last, again)] : []),
    ],
    harm: 'fails',
    outcome,
  };
}
