// A child process changes a variable or field, and its parent reads it: the parent's own copy never changes.
import { MAIN } from '../summary/contexts';
import type { CellAccess, Facts } from '../summary/facts';
import { byKey } from '../summary/grouping';
import { callOfKey, type FunctionKey, nameOfKey } from '../summary/keys';
import type { Site } from '../summary/locate';
import { modelOf } from '../summary/resolved';
import type { Finding } from './finding';
import type { Rule } from './rule';
import { isInProcess } from './shared/conditions';
import { first, second } from './shared/interleavings';
import { copiedAt, parentAndChild } from './shared/process-interleavings';
import { copiedBy, holdsPlain, startsLater, valuesOf } from './shared/process-memory';
import { runsInProcess, sideOf } from './shared/process-sides';

export const changeLostInChild: Rule = {
  id: 'change-lost-in-child',
  family: 'process-isolation',
  languages: ['python'],
  severity: 'warning',
  subject: 'cell',
  when: isInProcess,
  fixes: [],
  *check(cell, facts) {
    const accesses = facts.accessesOf(cell);
    if (!accesses.some((access) => access.write && runsInProcess(facts, access.function)) || facts.languageOf(fileOf(facts, accesses[0])) !== 'python') return;
    const writes = accesses.filter((access) => access.write && !access.owned && !isModuleBody(facts, access) && !isBefore(facts, access));
    if (writes.length === 0 || writes.some((access) => sideOf(facts, access.function) !== 'child')) return;
    const lost = writes.find((access) => copiedBy(facts, access) && (isRebound(facts, access) ? isToBeFilled(facts, cell) : holdsPlain(facts, cell)));
    if (!lost) return;
    const { runs } = copiedBy(facts, lost)!;
    const readers = accesses.filter(
      (access) => !access.write && !access.owned && sideOf(facts, access.function) === 'parent' && !startsLater(facts, access.function, access.point),
    );
    const strong = readers.find((access) => isAfter(facts, access, runs)) ?? freshReads(facts, cell, lost.cell.owner)[0];
    const reader =
      strong ?? (lost.cell.owner === undefined || isUsedInChild(facts, accesses) ? undefined : readers.find((access) => !isModuleBody(facts, access)));
    if (reader) yield findingOf(cell, lost, reader, runs, strong !== undefined, facts);
  },
};

function fileOf(facts: Facts, access: CellAccess): string {
  return facts.program.functions.get(access.function)?.module.file ?? '';
}

/** The parent's own writes on the way to the start: what the child begins with. */
function isBefore(facts: Facts, access: CellAccess): boolean {
  return sideOf(facts, access.function) === 'parent' && startsLater(facts, access.function, access.point);
}

/** Reads of a field of process objects that the reading function has made itself. */
function freshReads(facts: Facts, cell: string, owner: string | undefined): Site[] {
  const { resolver } = facts.program;
  const module = owner === undefined ? undefined : resolver.moduleOfClass(owner);
  if (!module || owner === undefined) return [];
  const field = cell.slice(owner.length + 1);
  return facts.functionsIn(module.file).flatMap((fn) =>
    modelOf(fn).operations.flatMap((operation, point): Site[] => {
      if (operation.kind !== 'read' || operation.place.root.kind !== 'result' || operation.place.path[0] !== field) return [];
      const type = resolver.typeOfPlace(fn.module, fn.index, operation.place, 0);
      const isOne = type?.kind === 'instance' && resolver.lineage(type.class).includes(owner);
      return isOne && sideOf(facts, fn.key) === 'parent' && !startsLater(facts, fn.key, point) ? [{ function: fn.key, point }] : [];
    }),
  );
}

function isModuleBody(facts: Facts, access: CellAccess): boolean {
  return facts.program.functions.get(access.function)?.index === 0;
}

/** The place itself gets a new value, and not only what stands in it. */
function isRebound(facts: Facts, access: CellAccess): boolean {
  const fn = facts.program.functions.get(access.function);
  return !access.cell.element && fn?.module.module.functions[fn.index].operations[access.point]?.kind === 'write';
}

/** What the parent puts there is nothing yet, or a number to begin with; an object is one that the child has exchanged for its own. */
function isToBeFilled(facts: Facts, cell: string): boolean {
  const found = valuesOf(facts, cell);
  return (
    found?.field.values.every(({ value, function: scope }) => {
      const key = found.module.functionKeys[scope];
      return value.kind === 'constant' || value.kind === 'collection' || sideOf(facts, key) === 'child';
    }) ?? false
  );
}

/** The child works with what it has put there, and may need it for itself alone. */
function isUsedInChild(facts: Facts, accesses: readonly CellAccess[]): boolean {
  return accesses.some((access) => {
    if (access.write || sideOf(facts, access.function) !== 'child') return false;
    return !accesses.some((write) => write.write && write.function === access.function && write.update);
  });
}

/** Read by whoever starts the process, by who waits for one, or on the way of the main program. */
function isAfter(facts: Facts, access: CellAccess, runs: string): boolean {
  const summary = facts.summaryOf(access.function);
  const starts = facts.program.spawners.get(runs)?.get(access.function) ?? [];
  if (starts.length > 0) return starts.some((site) => site.point < access.point);
  return (summary?.joins ?? []).some((join) => join < access.point) || facts.contextOf(access.function).roots.includes(MAIN);
}

function findingOf(cell: string, write: CellAccess, read: Site, runs: FunctionKey, sure: boolean, facts: Facts): Finding {
  const place = nameOfKey(cell);
  const [start] = byKey(facts.program.spawners.get(runs));
  return {
    rule: changeLostInChild.id,
    family: changeLostInChild.family,
    severity: sure ? changeLostInChild.severity : 'information',
    confidence: sure ? 0.85 : 0.5,
    site: { function: write.function, point: write.point },
    message: `This change is lost with the child process: ${callOfKey(write.function)} changes ${place} in a process of its own, which has a copy of it, and ${callOfKey(read.function)} reads the parent's ${place}, which stays as it was. Send the value back (return it from the job, put it into a multiprocessing queue or pipe), or keep it in a multiprocessing Value, Array or Manager.`,
    related: [
      ...(start
        ? [{ site: { function: start[0], point: start[1][0].point }, message: `A process is made to run ${callOfKey(runs)} here, with a copy of all objects` }]
        : []),
      { site: { function: write.function, point: write.point }, message: `Child: changes its own copy of ${place}` },
      { site: { function: read.function, point: read.point }, message: `Parent: reads ${place}, in which nothing has changed` },
    ],
    fixes: [],
    interleaving: {
      sides: parentAndChild(runs),
      steps: [
        ...copiedAt(start && { function: start[0], point: start[1][0].point }),
        second(write, `changes its own copy of ${place}`),
        first(read, `reads its own ${place}, in which nothing has changed`),
      ],
      harm: 'lost',
      outcome: 'What the child has changed is gone with the child.',
    },
  };
}
