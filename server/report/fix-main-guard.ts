// The main guard fix: what starts processes at import goes under a test that is true only in the program itself.
import type { Module } from '../model/module';
import type { TextEdit } from '../text/edit';
import { type Span, spanContains } from '../text/span';
import { indentLines, layoutOf } from './text-layout';

export interface MainGuard {
  /** The test as a person knows it. */
  readonly test: string;
  readonly edits: readonly TextEdit[];
}

const DEFINITION = /^(?:async\s+def|def|class|@|function|async\s+function|export|import|from)\b|^@/m;

/**
 * Guards the module-level statement that holds `site` and all that follows it. Not offered where definitions follow,
 * since a child needs those, and where no test for the main thread or process can be written.
 */
export function mainGuardEdits(module: Module, text: string, site: Span): MainGuard | undefined {
  const outermost = module.functions[0].statements.find((statement) => spanContains(statement, site.start) && spanContains(statement, site.end));
  const end = text.trimEnd().length;
  if (!outermost || DEFINITION.test(text.slice(outermost.start, end))) return undefined;
  const moved = { start: outermost.start, end };
  const layout = layoutOf(text, moved);
  const body = layout && layout.indent === '' ? indentLines(text, moved, layout) : undefined;
  if (!layout || body === undefined) return undefined;
  if (module.language === 'python') {
    return {
      test: 'if __name__ == "__main__"',
      edits: [{ span: moved, newText: `if __name__ == ${quote(text)}__main__${quote(text)}:${layout.lineEnd}${layout.unit}${body}` }],
    };
  }
  const guard = mainTest(module, text);
  if (!guard) return undefined;
  return {
    test: guard.test,
    edits: [...guard.edits, { span: moved, newText: `if (${guard.test}) {${layout.lineEnd}${layout.unit}${body}${layout.lineEnd}}` }],
  };
}

/** The quotes that the file prefers. */
function quote(text: string): string {
  return (text.match(/'/g)?.length ?? 0) > (text.match(/"/g)?.length ?? 0) ? "'" : '"';
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
