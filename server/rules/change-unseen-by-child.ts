// The parent changes a flag that a running child process looks at in a loop: the child's copy never changes.
import { methodOf } from '../model/calls';
import type { Block, Operation } from '../model/operation';
import type { CellAccess, Facts } from '../summary/facts';
import { byKey } from '../summary/grouping';
import { callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import { modelOf } from '../summary/resolved';
import { loopAround, structuresIn } from '../summary/structure';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { isInProcess } from './shared/conditions';
import { first, second } from './shared/interleavings';
import { copiedAt, parentAndChild } from './shared/process-interleavings';
import { copiedBy, startsLater } from './shared/process-memory';
import { interrupts, runsInProcess, sideOf } from './shared/process-sides';

export const changeUnseenByChild: Rule = {
  id: 'change-unseen-by-child',
  family: 'process-isolation',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isInProcess,
  fixes: [],
  *check(cell, facts) {
    const accesses = facts.accessesOf(cell);
    const reads = accesses.filter(
      (access) =>
        !access.write && !access.cell.element && runsInProcess(facts, access.function) && sideOf(facts, access.function) === 'child' && copiedBy(facts, access),
    );
    const read = reads.find((access) => isLooked(facts, access));
    if (!read) return;
    const changes = accesses.filter((access) => access.write && !access.owned && facts.program.functions.get(access.function)?.index !== 0);
    if (changes.some((access) => sideOf(facts, access.function) !== 'parent' || interrupts(facts, access.function))) return;
    const late = changes.find((access) => isFlag(facts, access) && !startsLater(facts, access.function, access.point));
    if (late && !tellsOtherwise(facts, late.function)) yield findingOf(cell, late, read, copiedBy(facts, read)!.runs, facts);
  },
};

/** Read again and again, in a loop, to decide something. */
function isLooked(facts: Facts, access: CellAccess): boolean {
  const fn = facts.program.functions.get(access.function);
  if (!fn) return false;
  const loop = loopAround(modelOf(fn), access.point);
  if (loop === undefined) return false;
  const model = modelOf(fn);
  // The condition of a while loop stands in its body, and belongs to the statement that is the loop.
  const condition = !loop.endless && model.statements[model.operations[access.point].statement]?.start === loop.span.start;
  return condition || decides(modelOf(fn).operations, loop.body, access.point);
}

/** Whether a branch in the block asks for what an operation has read. */
function decides(operations: readonly Operation[], block: Block, read: number): boolean {
  return structuresIn(block).some((step) => step.kind === 'branch' && step.test.some((number) => number === read || operations[number].depends.includes(read)));
}

/** A flag goes up or down, or away. */
function isFlag(facts: Facts, access: CellAccess): boolean {
  const fn = facts.program.functions.get(access.function);
  const operation = fn && modelOf(fn).operations[access.point];
  return operation?.kind === 'write' && operation.value.kind === 'constant' && (typeof operation.value.value === 'boolean' || operation.value.value === null);
}

/** The same function also ends the child, or sends it word, in a way that works; then the flag is one more. */
function tellsOtherwise(facts: Facts, key: FunctionKey): boolean {
  const fn = facts.program.functions.get(key);
  return (
    fn !== undefined &&
    modelOf(fn).operations.some(
      (operation) => operation.kind === 'call' && /^(?:terminate|kill|put|put_nowait|send|set|send_signal|close)$/.test(methodOf(operation)),
    )
  );
}

function findingOf(cell: string, write: CellAccess, read: CellAccess, runs: FunctionKey, facts: Facts): Finding {
  const place = nameOfKey(cell);
  const [start] = byKey(facts.program.spawners.get(runs));
  return {
    rule: changeUnseenByChild.id,
    family: changeUnseenByChild.family,
    severity: changeUnseenByChild.severity,
    confidence: 0.85,
    site: { function: write.function, point: write.point },
    message: `The child process never sees this change: ${callOfKey(read.function)} looks at ${place} in a process of its own, which has the copy it was started with, and ${callOfKey(write.function)} changes the parent's. Its loop goes on, and whoever joins the process waits for ever. Use a multiprocessing.Event, or send the child a message.`,
    related: [
      ...(start
        ? [{ site: { function: start[0], point: start[1][0].point }, message: `A process is made to run ${callOfKey(runs)} here, with a copy of all objects` }]
        : []),
      { site: { function: read.function, point: read.point }, message: `Child: looks at its own copy of ${place}, again and again` },
      { site: { function: write.function, point: write.point }, message: `Parent: changes ${place} for itself alone` },
    ],
    fixes: [],
    interleaving: {
      sides: parentAndChild(runs),
      steps: [
        ...copiedAt(start && { function: start[0], point: start[1][0].point }),
        second(read, `looks at its own copy of ${place}`),
        first(write, `changes its own ${place}`),
        second(read, 'looks at its copy again, which is as it was'),
      ],
      harm: 'stuck',
      outcome: 'The child goes on and on, and whoever joins it waits for ever.',
    },
  };
}
