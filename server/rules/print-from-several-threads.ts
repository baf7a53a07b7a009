// Several threads print, so that their lines can come out in pieces.
import { describeRoot, rootParts } from '../summary/contexts';
import { callOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import type { Rule } from './rule';
import { calling } from './shared/conditions';
import { first, second, twoRuns } from './shared/interleavings';

export const printFromSeveralThreads: Rule = {
  id: 'print-from-several-threads',
  family: 'advice',
  languages: ['python'],
  severity: 'hint',
  subject: 'function',
  when: calling('print'),
  fixes: [],
  *check(key, facts) {
    const fn = facts.program.functions.get(key);
    const { roots, entry } = facts.contextOf(key);
    const root = roots.find((each) => rootParts(each).kind === 'thread' && rootParts(each).many);
    if (!fn || root === undefined || (entry?.length ?? 0) > 0) return;
    // A print under a lock has thought of it.
    if (fn.withs.some((entered) => entered.lock)) return;
    const point = modelOf(fn).operations.findIndex(
      (operation) =>
        operation.kind === 'call' &&
        operation.callee.kind === 'place' &&
        operation.callee.place.root.kind === 'global' &&
        operation.callee.place.root.name === 'print' &&
        operation.callee.place.path.length === 0 &&
        !operation.arguments.some((argument) => argument.name === 'file'),
    );
    if (point < 0) return;
    yield {
      rule: printFromSeveralThreads.id,
      family: printFromSeveralThreads.family,
      severity: 'hint',
      confidence: 0.5,
      site: { function: key, point },
      message: `Lines can get mixed up: ${describeRoot(root)} print at the same time through ${callOfKey(key)}, and print() writes its arguments and the end of the line one by one. Use logging, which writes whole lines, put the line together and write it with one call, or let one thread print what the others put into a queue.`,
      related: [],
      fixes: [],
      interleaving: {
        sides: twoRuns([root, root], { function: key, point }, { function: key, point }),
        steps: [
          first({ function: key, point }, 'writes its text'),
          second({ function: key, point }, 'writes its own text right behind it, in the same line'),
          first({ function: key, point }, 'writes the end of its line'),
        ],
        harm: 'wrong',
        outcome: 'Two texts stand in one line, and an empty line follows.',
      },
    };
  },
};
