// The main guard in TypeScript: a statement that starts workers, with what works on what it declares, under `if (isMainThread)`.
import ts from 'typescript';
import type { Module } from '../../model/module';
import type { TextEdit } from '../../text/edit';
import { type FixPlan, inFile, insertion, type TypeScriptPlace, type TypeScriptSource } from '../fix';
import { below, indentOf, lineEndOf, unitOf } from '../layout';
import { isFunction } from './functions';
import { importedFromNode } from './imports';
import { declaredIn, isMentioned } from './names';
import { deeper, ownsItsLines, spanOf, walk } from './nodes';

/** Not offered where functions of the module work on what the statement declares, which a block would hide from them. */
export function guardMain({ source, file, path }: TypeScriptPlace, module: Module): FixPlan | undefined {
  const { tree, text } = source;
  const first = tree.statements.indexOf(path[1] as ts.Statement);
  const moved = first < 0 ? undefined : movedWith(tree.statements, first);
  const guard = moved && testOf(source, module);
  if (!moved || !guard) return undefined;
  const span = { start: spanOf(source, moved[0]).start, end: moved.at(-1)!.end };
  if (indentOf(text, span.start) !== '' || !ownsItsLines(source, span)) return undefined;
  const [end, unit] = [lineEndOf(text), unitOf(text)];
  return {
    title: `Put it under if (${guard.test})`,
    edits: inFile(file, [...guard.edits, insertion(span.start, `if (${guard.test}) {${end}${unit}`), ...deeper(source, span), below(text, span, '}')]),
  };
}

/** The statement, and those behind it up to the last that mentions what is declared there. */
function movedWith(statements: readonly ts.Statement[], first: number): ts.Statement[] | undefined {
  const names: string[] = [];
  let last = first;
  for (const [i, statement] of statements.entries()) {
    if (i < first || (i > first && !isMentioned(statement, names))) continue;
    last = i;
    for (const each of statements.slice(first, i + 1)) names.push(...declaredIn(each));
  }
  const moved = statements.slice(first, last + 1);
  const others = statements.filter((each) => !moved.includes(each));
  const isMovable = moved.every((each) => isPlain(each) && !isMentioned(each, WORKERS_SIDE));
  return isMovable && !others.some((each) => isMentioned(each, names)) ? moved : undefined;
}

/** What tells a worker from its parent: code that asks for it has a part that workers run. */
const WORKERS_SIDE = ['isMainThread', 'parentPort', 'workerData', 'isPrimary', 'isMaster', 'isWorker'];

/** Not what others may import, nor what is there before it is reached. */
function isPlain(statement: ts.Statement): boolean {
  if (ts.isVariableStatement(statement)) return !statement.modifiers?.length && (statement.declarationList.flags & ts.NodeFlags.BlockScoped) !== 0;
  return (
    (ts.isExpressionStatement(statement) && !ts.isStringLiteral(statement.expression) && !assignsExports(statement)) ||
    ts.isForStatement(statement) ||
    ts.isForOfStatement(statement) ||
    ts.isIfStatement(statement) ||
    ts.isTryStatement(statement)
  );
}

function assignsExports(statement: ts.Statement): boolean {
  return [...walk(statement)].some((node) => !isFunction(node) && ts.isIdentifier(node) && /^(?:module|exports)$/.test(node.text));
}

/** The test as the file can write it, and the edits that import it where that is missing. */
function testOf(source: TypeScriptSource, module: Module): { readonly test: string; readonly edits: readonly TextEdit[] } | undefined {
  for (const [name, binding] of Object.entries(module.bindings)) {
    if (binding.kind !== 'import') continue;
    if (binding.specifier === 'cluster') return binding.name === undefined || binding.name === 'default' ? { test: `${name}.isPrimary`, edits: [] } : undefined;
    if (binding.specifier !== 'worker_threads') continue;
    const imported = importedFromNode(source, 'worker_threads', 'isMainThread');
    return imported && { test: imported.name, edits: imported.edits };
  }
  return undefined;
}
