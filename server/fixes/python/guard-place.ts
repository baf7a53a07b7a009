// Guard a place: one lock around all that changes it and, where one fits, around what reads it.
import type { GuardedUse } from '../../rules/fix-intent';
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, type FixContext, inFile, type PythonSource } from '../fix';
import { expressionOf, siblingsOf } from './blocks';
import { isHeldLong } from './long-held';
import { newLock } from './new-lock';
import { holdEdits, isMovable, mayHold, runAround, spanOf } from './sections';

interface Section {
  readonly function: string;
  readonly lock: string;
  readonly run: readonly PythonNode[];
  readonly needed: boolean;
}

/** The lock that is there, or a new one beside the place. */
export const guardPlace: Fix<'guard-place'> = ({ site, name, owner, lock, uses }, context) => {
  const source = context.pythonAt(site)?.source;
  const made = source && lock === undefined ? newLock(context.program, source, name, owner) : { name: '', edits: [] };
  if (!source || !made || (lock !== undefined && isHeldLong(context.program, lock))) return undefined;
  const lockIn = (use: GuardedUse) => use.lock ?? (use.receiver === undefined ? made.name : `${use.receiver}.${made.name}`);
  const found = uses.map((use) => sectionOf(use, lockIn(use), source, context));
  if (found.some((section) => section === undefined)) return undefined;
  const takers = new Set(uses.map(({ sites }) => sites[0].function));
  const fits = ({ run, function: key }: Section) => run.length > 0 && isMovable(source, run) && mayHold(context.program, key, spanOf(run), lock, takers);
  const sections = [...takers].flatMap((key) =>
    sectionsIn(
      source,
      (found as Section[]).filter((each) => each.function === key),
      name,
      fits,
    ),
  );
  const edits = sections.map((section) => (fits(section) ? holdEdits(source, section.run, section.lock) : undefined));
  if (edits.includes(undefined)) return undefined;
  const what = owner === undefined ? name : `self.${name}`;
  return {
    title: lock === undefined ? `Guard ${what} with a new lock, ${lockIn(uses[0])}` : `Hold ${lockIn(uses[0])} wherever ${what} is used`,
    edits: inFile(source.file, [...made.edits, ...edits.flatMap((each) => each ?? [])]),
  };
};

function sectionOf({ sites, needed }: GuardedUse, lock: string, source: PythonSource, context: FixContext): Section | undefined {
  const run = runAround(
    source,
    sites.flatMap((site) => context.pythonAt(site)?.span ?? []),
  );
  if (!run) return undefined;
  return { function: sites[0].function, lock, run, needed };
}

/** What one function has to do in one go, where it can be; plain reads that stand for themselves are left out where no lock fits. */
function sectionsIn(source: PythonSource, all: Section[], name: string, fits: (section: Section) => boolean): Section[] {
  const inOrder = all.sort((a, b) => a.run[0].start - b.run[0].start || b.run.at(-1)!.end - a.run.at(-1)!.end);
  const first = inOrder.find(({ needed }) => needed);
  const isLater = ({ run }: Section) => first !== undefined && run.at(-1)!.end > first.run[0].start;
  const later = inOrder.filter(isLater);
  const earlier = inOrder.filter((section) => !isLater(section) && isPlainRead(section.run, name) && fits(section));
  // `self.busy += 1` … `self.busy -= 1` know nothing of each other; what is read behind a change is what was just written.
  if (later.length === 0 || later.every(isUpdate)) return joined(source, [...earlier, ...later], fits);
  const run = runAround(
    source,
    later.map((section) => spanOf(section.run)),
  );
  const isShort = run && run.length <= new Set(later.flatMap((section) => section.run)).size + 2 * BETWEEN;
  return [...earlier, { ...later[0], run: isShort ? run : [] }];
}

/** `self.count += 1` and nothing else. */
function isUpdate({ run: [only, ...others] }: Section): boolean {
  return others.length === 0 && expressionOf(only)?.kind === Kind.augmentedAssignment;
}

/** Sections that overlap as one, and so those with little between: what one step finds should still be so in the next. */
function joined(source: PythonSource, sections: readonly Section[], fits: (section: Section) => boolean): Section[] {
  const found: Section[] = [];
  for (const section of sections) {
    const before = found.at(-1);
    const run = before && runAround(source, [spanOf(before.run), spanOf(section.run)]);
    const overlaps = before && section.run[0].start < before.run.at(-1)!.end;
    const isNear = before && run && run.length <= before.run.length + section.run.length + BETWEEN && isBeside(before, section) && fits({ ...before, run });
    if (before && run && (overlaps || isNear)) found[found.length - 1] = { ...before, run };
    else found.push(section);
  }
  return found;
}

/** How many statements may come under the lock for being between two that have to. */
const BETWEEN = 3;

function isBeside(one: Section, other: Section): boolean {
  return siblingsOf(one.run[0]).some(({ start }) => start === other.run[0].start);
}

/** A statement that reads the place and calls nothing but what looks at it: a lock costs nothing there. */
function isPlainRead(run: readonly PythonNode[], name: string): boolean {
  const [only] = run;
  if (run.length > 1 || !PLAIN.has(only.kind)) return false;
  for (const node of only.walk()) {
    if (node.kind !== Kind.call) continue;
    const callee = node.child(Field.function);
    const looksAtIt = callee?.kind === Kind.attribute && callee.child(Field.object)?.text.split('.').at(-1) === name;
    if (!looksAtIt && !/^(?:len|list|tuple|dict|set|sorted|sum|min|max|bool|str|int|float)$/.test(callee?.text ?? '')) return false;
  }
  return true;
}

const PLAIN = new Set<number>([Kind.expressionStatement, Kind.returnStatement, Kind.assertStatement]);
