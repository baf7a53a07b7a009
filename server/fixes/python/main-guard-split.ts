// What the main guard moves: the first statement that starts a process, and all that follows with effects.
import { ImportIndex } from '../../summary/import-resolution';
import type { Program } from '../../summary/program';
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import type { Span } from '../../text/span';
import type { PythonSource } from '../fix';
import { isWithin } from '../fix';
import { isImport } from './imports';
import { isInert, isOnlyDefinition } from './inert';
import type { MainSplit } from './main-guard-names';
import { boundNames, evaluatedNames, meets, namesIn } from './names';

/** Which statements of a module move under its guard; undefined where they cannot without changing what others mean. */
export function splitAt({ tree: { root }, text }: PythonSource, site: Span): MainSplit | undefined {
  const statements = root.children;
  const first = statements.findIndex((statement) => isWithin(site, statement));
  if (first < 0 || isOnlyDefinition(statements[first]) || /\b__name__\b/.test(statements[first].text)) return undefined;
  const last = statements.at(-1)!;
  const guard = isMainGuard(last) && last !== statements[first] ? last : undefined;
  const definitions = statements.filter(isOnlyDefinition);
  const isUsed = (names: ReadonlySet<string>) => definitions.some((definition) => meets(namesIn(definition), names));
  const [moved, kept]: [PythonNode[], PythonNode[]] = [[], []];
  const [bound, mentioned] = [new Set<string>(), new Set<string>()];
  for (const statement of statements.slice(first)) {
    if (statement === guard) continue;
    const names = boundNames(statement);
    const stays = isOnlyDefinition(statement) || (isInert(statement) && isUsed(names) && !meets(namesIn(statement), mentioned));
    if (stays) {
      // It would come to stand before what it needs, or change what that means.
      if (meets(evaluatedNames(statement), bound) || meets(names, mentioned)) return undefined;
      if (isImport(statement) && moved.some((each) => STEERS_IMPORTS.test(each.text))) return undefined;
      kept.push(statement);
      continue;
    }
    moved.push(statement);
    for (const name of names) bound.add(name);
    for (const name of namesIn(statement)) mentioned.add(name);
  }
  if (!guard && moved.every((each) => /^[\w.]*\bset_start_method\(/.test(text.slice(each.start, each.end)))) return undefined;
  return { moved, kept, guard };
}

/** What has to be done before other modules are imported. */
const STEERS_IMPORTS = /\bsys\.path\b|\benviron\b|\bputenv\b|\bchdir\b|\bmonkey\b|\bfilterwarnings\b|\bset_start_method\b|\buse\(/;

function isMainGuard(statement: PythonNode): boolean {
  if (statement.kind !== Kind.ifStatement || statement.child(Field.alternative)) return false;
  const test = statement.child(Field.condition)?.text ?? '';
  return /^\(?\s*(?:__name__\s*==\s*(['"])__main__\1|(['"])__main__\2\s*==\s*__name__)\s*\)?$/.test(test);
}

/** Whether any file of the program imports the module: its body is not the program's main part then. */
export function isImported(file: string, program: Program): boolean {
  const index = new ImportIndex(program.modules.keys());
  return [...program.modules.values()].some((module) => {
    if (module.language !== 'python' || module.file === file) return false;
    const means = (specifier: string) => index.resolve(module.file, 'python', specifier) === file;
    return (
      module.specifiers.some(means) ||
      Object.values(module.bindings).some(
        (binding) => binding.kind === 'import' && binding.name !== undefined && means(`${binding.specifier.replace(/\.?$/, '.')}${binding.name}`),
      )
    );
  });
}
