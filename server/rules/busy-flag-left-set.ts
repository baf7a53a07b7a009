// A flag, a count or an entry that turns others away stays when the work behind it fails, so that they are turned away for ever.
import type { Facts } from '../summary/facts';
import { modelOf } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { type ClaimLeft, claimsLeftIn } from './shared/claims-left';
import { first, second, twoCalls } from './shared/interleavings';
import { awaitedCall } from './shared/place-names';

export const busyFlagLeftSet: Rule = {
  id: 'busy-flag-left-set',
  family: 'lock-leak',
  languages: ['typescript'],
  severity: 'warning',
  subject: 'module',
  fixes: ['release-in-finally'],
  *check(file, facts) {
    for (const left of facts.once(claimsLeftIn, file, () => [...claimsLeftIn(file, facts)]))
      if (left.claim.kind !== 'promise' && !isPromiseEntry(left)) yield findingOf(left, facts);
  },
};

/** An entry of a map that holds what is under way is told as the promise that it is. */
export function isPromiseEntry({ claim, how }: ClaimLeft): boolean {
  return claim.kind === 'entry' && how === 'success';
}

const STAYS = {
  flag: { is: 'stays set', result: 'everybody who asks for it is turned away from then on', use: 'Clear it in a finally block.' },
  count: { is: 'is not counted down', result: 'one place is lost each time, until none is left', use: 'Count it down in a finally block.' },
  entry: { is: 'keeps its entry', result: 'the place that it stands for is not given to anybody again', use: 'Delete it in a finally block.' },
  promise: { is: 'stays', result: 'everybody gets what has failed', use: 'Clear it in a finally block.' },
} as const;

function findingOf({ claim, taken, at, given, gives, how }: ClaimLeft, facts: Facts): Finding {
  const where = facts.program.functions.get(at.function);
  const what = where ? awaitedCall(where, at.point) : 'the work';
  const { is, result, use } = STAYS[claim.kind];
  const reason =
    how === 'exception'
      ? `if ${what} fails: the line that clears it is not reached, and ${result}. ${use}`
      : how === 'exit'
        ? `at this ${what}: this way out skips the line that clears it, and ${result}. ${use}`
        : `when the promise before it is rejected: only then() clears it, and ${result}. ${use.replace('a finally block', 'finally()')}`;
  return {
    rule: busyFlagLeftSet.id,
    family: busyFlagLeftSet.family,
    // Where nothing is awaited, what fails is mostly a fault of the program.
    severity: how === 'exception' && where && modelOf(where).operations[at.point]?.kind === 'call' ? 'information' : busyFlagLeftSet.severity,
    confidence: 0.8,
    site: how === 'exit' ? at : taken,
    message: `${claim.name} ${is} ${reason}`,
    related: [
      { site: taken, message: `${claim.name} is set here, and others are turned away` },
      ...(how === 'success' ? [] : [{ site: at, message: how === 'exit' ? 'The function is left here' : 'When this fails, what follows is skipped' }]),
      { site: given, message: 'It is cleared here, which is not reached on every way' },
    ],
    interleaving: {
      sides: twoCalls(taken.function),
      steps: [
        first(taken, `${claim.kind === 'count' ? 'counts up' : 'sets'} ${claim.name}, so that others are turned away`),
        first(
          how === 'success' ? given : at,
          how === 'exit' ? 'leaves here' : how === 'success' ? 'is skipped, since the promise before it has failed' : 'fails here',
        ),
        second(taken, `comes later, and does not get here: ${claim.name} ${is}`),
      ],
      harm: 'stuck',
      outcome: `${result.charAt(0).toUpperCase()}${result.slice(1)}.`,
    },
    fixes: how === 'exception' && gives ? [{ kind: 'release-in-finally', site: gives.at(-1)!, taken, releases: gives }] : [],
  };
}
