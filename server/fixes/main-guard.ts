// The main guard fix: what starts processes at import goes under a test that is true only in the program itself.
import type { Module } from '../model/module';
import type { TextEdit } from '../text/edit';
import { type Span, spanContains } from '../text/span';
import { type Fix, inFile } from './fix';
import { indentOf, lineEndOf, unitOf } from './layout';
import { guardMain } from './python/main-guard';
import * as typescript from './typescript/nodes';

interface MainGuard {
  /** The test as a person knows it. */
  readonly test: string;
  readonly edits: readonly TextEdit[];
}

export const addMainGuard: Fix<'add-main-guard'> = ({ site }, context) => {
  const inPython = context.pythonAt(site);
  if (inPython) return guardMain(inPython, context.program);
  const at = context.typescriptAt(site);
  const module = at && context.program.modules.get(at.file)?.module;
  if (!at || !module) return undefined;
  const guard = mainGuardEdits(module, at.source.text, at.span, (span) => typescript.nested(at.source, span));
  return guard && { title: `Put it under ${guard.test}`, edits: inFile(at.file, guard.edits) };
};

const DEFINITION = /^(?:class|function|async\s+function|export|import)\b|^@/m;

/**
 * Guards the module-level statement that holds `site` and all that follows it. Not offered where definitions follow,
 * since a child needs those, and where no test for the main thread or process can be written.
 */
function mainGuardEdits(module: Module, text: string, site: Span, nested: (span: Span) => string): MainGuard | undefined {
  const outermost = module.functions[0].statements.find((statement) => spanContains(statement, site.start) && spanContains(statement, site.end));
  const end = text.trimEnd().length;
  if (!outermost || DEFINITION.test(text.slice(outermost.start, end))) return undefined;
  const moved = { start: outermost.start, end };
  if (indentOf(text, moved.start) !== '') return undefined;
  const [body, lineEnd, unit] = [nested(moved), lineEndOf(text), unitOf(text)];
  const guard = mainTest(module, text);
  if (!guard) return undefined;
  return {
    test: guard.test,
    edits: [...guard.edits, { span: moved, newText: `if (${guard.test}) {${lineEnd}${unit}${body}${lineEnd}}` }],
  };
}

/** The test as the file can write it, and the edit that imports it where that is missing. */
function mainTest(module: Module, text: string): MainGuard | undefined {
  for (const [name, binding] of Object.entries(module.bindings)) {
    if (binding.kind !== 'import') continue;
    if (binding.specifier === 'cluster') return binding.name === undefined || binding.name === 'default' ? { test: `${name}.isPrimary`, edits: [] } : undefined;
    if (binding.specifier !== 'worker_threads') continue;
    if (binding.name === undefined || binding.name === 'default') return { test: `${name}.isMainThread`, edits: [] };
    const imported = Object.entries(module.bindings).find(
      ([, other]) => other.kind === 'import' && other.specifier === 'worker_threads' && other.name === 'isMainThread',
    );
    if (imported) return { test: imported[0], edits: [] };
    const braces = text.slice(0, binding.span.start).lastIndexOf('{');
    return braces < 0 ? undefined : { test: 'isMainThread', edits: [{ span: { start: braces + 1, end: braces + 1 }, newText: ' isMainThread,' }] };
  }
  return undefined;
}
