// Annotate a guard: writes down, at the declaration of a place, the lock under which every access of it is made.
import { type Declaration, declarationsIn, declaredName } from '../model/declarations';
import type { Language } from '../model/module';
import { byStatement } from '../rules/shared/shared-access';
import { needsGuard } from '../rules/shared/stated-guards';
import { type Cell, cellOf } from '../summary/cells';
import type { CellAccess, Facts } from '../summary/facts';
import { isNamed, type LockKey, nameOfKey } from '../summary/keys';
import type { ModuleInterface } from '../summary/module-interface';
import { namedLock } from '../summary/named-lock';
import { modelOf } from '../summary/resolved';
import type { TextEdit } from '../text/edit';
import type { Span } from '../text/span';
import { type FixContext, type FixPlan, inFile, insertion } from './fix';
import { indentOf, lineEndOf, lineStartOf, lineTailOf } from './layout';

/** Lines that an annotation makes longer than this get it on a line of its own above. */
const LONGEST: Readonly<Record<Language, number>> = { python: 88, typescript: 100 };

/**
 * The annotation for the place that is declared at an offset of a file; undefined where none is, where it has one, where some
 * access is made without the lock, or where the comment would speak of other places too. It changes nothing but a comment,
 * and brings no finding; it is a refactoring of its own, not the repair of one.
 */
export function annotateGuard(file: string, offset: number, facts: Facts, context: FixContext): FixPlan | undefined {
  const module = facts.program.modules.get(file);
  const source = context.python(file) ?? context.typescript(file);
  if (!module || !source) return undefined;
  const declarations = [...declarationsIn(module.module)];
  const onLine = (span: Span) => span.start <= offset && offset <= Math.min(span.end, lineTailOf(source.text, span.start));
  const found = declarations.filter(({ span }) => onLine(span)).sort((a, b) => lengthOf(a.span) - lengthOf(b.span));
  // A name and what is assigned to it are two; the statement of the latter is the whole one.
  const same = found.filter(({ place }) => declaredName(place) === declaredName(found[0].place));
  const [here] = same.sort((a, b) => lengthOf(b.statement) - lengthOf(a.statement));
  const cell = here && cellOf(facts.program.resolver, module, 0, here.place);
  if (!cell || facts.stated.of(cell.key) || !isFirst(here, cell, declarations, module, facts)) return undefined;
  const lock = firmGuard(cell, facts);
  const written = lock === undefined ? undefined : nameIn(module, here, lock, facts);
  const edit = written === undefined ? undefined : commentAt(here, declarations, source.text, module.language, written);
  return edit && { title: `State that ${written} guards ${nameOfKey(cell.key)}`, edits: inFile(file, [edit]) };
}

function lengthOf({ start, end }: Span): number {
  return end - start;
}

/** Whether a declaration is the place's own: in the class's body, else in the constructor, else the first there is. */
function isFirst(here: Declaration, cell: Cell, declarations: readonly Declaration[], module: ModuleInterface, facts: Facts): boolean {
  const rank = ({ within }: Declaration) => (within === 'class' || within === 'module' ? 0 : within === 'constructor' ? 1 : 2);
  const same = declarations.filter(({ place }) => cellOf(facts.program.resolver, module, 0, place)?.key === cell.key);
  return same.every((other) => rank(here) < rank(other) || (rank(here) === rank(other) && here.span.start <= other.span.start));
}

/** The one lock under which all accesses are made: two or more, one of them a write. */
function firmGuard({ key }: Cell, facts: Facts): LockKey | undefined {
  const all = [key, ...facts.cellsBelow(key)].flatMap((each) => facts.accessesOf(each)).filter((access) => needsGuard(access, facts));
  if (byStatement(all, facts).length < 2 || !all.some((access) => access.write)) return undefined;
  const common = all.reduce<LockKey[] | undefined>((locks, access) => {
    const guards = facts.guardsOf(access);
    return locks ? locks.filter((lock) => guards.has(lock)) : [...guards];
  }, undefined);
  const named = (common ?? []).filter((lock) => isNamed(lock) && all.some((access) => isTakenFor(access, lock, facts)));
  return named.length === 1 ? named[0] : undefined;
}

/** Whether the lock is taken around the access itself, in its function or around its callback: callers may hold theirs for another reason. */
function isTakenFor(access: CellAccess, lock: LockKey, facts: Facts): boolean {
  const fn = facts.program.functions.get(access.function);
  return access.held.some((held) => held.lock === lock) || (fn !== undefined && modelOf(fn).kind === 'lambda');
}

/** What the lock is called at the declaration: the shortest name that leads to it. */
function nameIn(module: ModuleInterface, { place }: Declaration, lock: LockKey, facts: Facts): string | undefined {
  const owner = 'class' in place.root ? place.root.class : undefined;
  const whole = nameOfKey(lock);
  return [whole.slice(whole.lastIndexOf('.') + 1), whole].find((name) => {
    const found = namedLock(facts.program.resolver, module, owner, name);
    return found.isLock && found.isThere && found.key === lock;
  });
}

/** Behind the declaration where the line has room, else above it; nowhere where another declaration stands on those lines. */
function commentAt(here: Declaration, all: readonly Declaration[], text: string, language: Language, lock: string): TextEdit | undefined {
  const comment = language === 'python' ? `# guarded by: ${lock}` : `// @guardedBy ${lock}`;
  const start = lineStartOf(text, here.span.start);
  const end = lineTailOf(text, here.statement.end);
  const indent = indentOf(text, here.statement.start);
  const isAlone = all.every(({ span, place }) => span.end <= start || span.start >= end || declaredName(place) === declaredName(here.place));
  if (indent === undefined || !isAlone) return undefined;
  const isPlain = !/[\r\n]/.test(text.slice(here.statement.start, end)) && /^\s*[;,]?\s*$/.test(text.slice(here.statement.end, end));
  const tail = text.slice(start, end).trimEnd().length;
  if (isPlain && tail + 2 + comment.length <= LONGEST[language]) {
    const gap = language === 'python' ? '  ' : ' ';
    return insertion(start + tail, gap + comment);
  }
  return insertion(start, `${indent}${comment}${lineEndOf(text)}`);
}
