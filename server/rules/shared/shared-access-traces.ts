// Traces of shared accesses: who reads and writes a place, on which threads, and where those are started.
import { DOCUMENTED, describeRoot, LOCKING, type RootId, rootParts } from '../../summary/contexts';
import type { CellAccess, Facts } from '../../summary/facts';
import { byKey } from '../../summary/grouping';
import { callOfKey } from '../../summary/keys';
import type { Related } from '../finding';
import type { Meeting } from './shared-access';

/** One access as a step of a trace; `how` says what it is there for. */
export function traceOf(access: CellAccess, place: string, how: string, facts: Facts, withRoots = true): Related[] {
  const roots = facts.rootsOf(access).map(describeRoot);
  const by = withRoots && roots.length > 0 ? `, run by ${roots.slice(0, 3).join(' and ')}` : '';
  return [
    {
      site: { function: access.function, point: access.point },
      message: `${callOfKey(access.function)} ${access.write ? 'writes' : 'reads'} ${place}${by}: ${how}`,
    },
  ];
}

/** Where the threads are started that meet here. */
export function startsOf(roots: readonly RootId[], facts: Facts): Related[] {
  return [...new Set(roots)].flatMap((root) => {
    const { function: target } = rootParts(root);
    const [first] = target === undefined ? [] : byKey(facts.program.spawners.get(target));
    if (!first) return [];
    const [spawner, [{ point }]] = first;
    return [{ site: { function: spawner, point }, message: `${callOfKey(spawner)} starts ${describeRoot(root)} here` }];
  });
}

/** Who meets, as the subject of a sentence: `threads running work()`, `the main program and the thread running work()`. */
export function whoMeets({ roots: [one, other] }: Meeting): string {
  return one === other ? describeRoot(one) : `${describeRoot(one)} and ${describeRoot(other)}`;
}

/** Why they can be there at the same time, as a sentence. */
export function whyTheyMeet(meeting: Meeting | undefined): string {
  if (!meeting || meeting.roots[0] === LOCKING) return 'The lock shows that several threads are expected here.';
  if (meeting.roots[0] === DOCUMENTED) return 'The documentation says that several threads share it.';
  const [one, other] = meeting.roots;
  if (one === other) return `Several ${describeRoot(one)} run at the same time.`;
  return `${capitalised(describeRoot(one))} ${rootParts(one).many ? 'run' : 'runs'} beside ${describeRoot(other)}.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
