// Outliving: the schedule in which an object ends, and something that it has begun goes on.
import type { Site } from '../../summary/locate';
import type { Interleaving } from '../finding';
import { first, second } from './interleavings';
import type { Lifetime } from './lifetimes';

/** What an object has begun, where it begins, where the object ends (if it has an end), and what comes afterwards. */
export interface Outliving {
  readonly owner: string;
  readonly what: string;
  readonly begins: Site;
  readonly ends?: Site;
  readonly after: Site;
  /** What it does afterwards: `fires`. */
  readonly does: string;
}

/** The object begins something, ends without it, and it goes on. */
export function outlives({ owner, what, begins, ends, after, does }: Outliving): Interleaving {
  return {
    sides: [owner, what],
    steps: [
      first(begins, `sets up ${what}`),
      ...(ends ? [first(ends, `ends, and leaves ${what} as it is`)] : []),
      second(after, `${does}, for what has ended`),
    ],
    harm: 'wrong',
    outcome: 'What has ended is still worked on, and kept in memory.',
  };
}

/** How the one is called whose lifetime it is: `object of Chart`, `createPoller()`. */
export function ownerOf({ kind, name }: Lifetime): string {
  return kind === 'class' ? `object of ${name}` : name;
}
