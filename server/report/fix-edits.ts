// Fix edits: what each fix intent means for the text. An intent that the text does not allow gives no fix.
import type { FixIntent } from '../rules/finding';
import { type Located, locate } from '../summary/locate';
import type { Program } from '../summary/program';
import type { TextEdit } from '../text/edit';
import type { Span } from '../text/span';
import { mainGuardEdits } from './fix-main-guard';
import type { ReportedFix } from './reported-finding';
import { rangeOf, type SourceText } from './source-text';
import { indentLines, layoutOf } from './text-layout';

/** The fix that carries out an intent; undefined where it cannot be done without harm. */
export function editsOf(intent: FixIntent, program: Program, sourceOf: (file: string) => SourceText): ReportedFix | undefined {
  switch (intent.kind) {
    case 'hold-lock': {
      const at = locate(program, intent.site);
      return made(`Hold ${intent.lock} around this statement`, intent, at, holdLock(sourceOf(at.file), at.statement, intent.lock), sourceOf);
    }
    case 'swap': {
      const [first, second] = [locate(program, intent.first), locate(program, intent.second)];
      return made('Take the two locks in the other order', intent, first, swap(sourceOf(first.file), first.span, second.span), sourceOf);
    }
    case 'hoist-await': {
      const [statement, awaited] = [locate(program, intent.statement), locate(program, intent.awaited)];
      const python = program.modules.get(statement.file)?.language === 'python';
      return made(
        'Wait before the statement, so that it works on the value as it is then',
        intent,
        statement,
        hoistAwait(sourceOf(statement.file), statement.statement, awaited.span, python),
        sourceOf,
      );
    }
    case 'add-main-guard': {
      const at = locate(program, intent.site);
      const module = program.modules.get(at.file);
      const guard = module && mainGuardEdits(module.module, sourceOf(at.file).text, at.span);
      return guard && made(`Put it under ${guard.test}`, intent, at, guard.edits, sourceOf);
    }
  }
}

function made(
  title: string,
  intent: FixIntent,
  at: Located,
  edits: readonly TextEdit[] | undefined,
  sourceOf: (file: string) => SourceText,
): ReportedFix | undefined {
  if (!edits) return undefined;
  const source = sourceOf(at.file);
  return { title, safety: intent.safety, edits: edits.map((edit) => ({ file: at.file, range: rangeOf(source, edit.span), newText: edit.newText })) };
}

/** `with lock:` before the statement, and the statement one level deeper. */
function holdLock({ text }: SourceText, statement: Span, lock: string): TextEdit[] | undefined {
  const layout = layoutOf(text, statement);
  const body = layout && indentLines(text, statement, layout);
  if (!layout || body === undefined) return undefined;
  return [{ span: statement, newText: `with ${lock}:${layout.lineEnd}${layout.indent}${layout.unit}${body}` }];
}

function swap({ text }: SourceText, first: Span, second: Span): TextEdit[] | undefined {
  // A name bound by `as` would change its meaning.
  const bound = (span: Span) => /^\s*as\b/.test(text.slice(span.end, span.end + 20));
  if (bound(first) || bound(second)) return undefined;
  return [
    { span: first, newText: text.slice(second.start, second.end) },
    { span: second, newText: text.slice(first.start, first.end) },
  ];
}

function hoistAwait({ text }: SourceText, statement: Span, awaited: Span, python: boolean): TextEdit[] | undefined {
  const layout = layoutOf(text, statement);
  if (!layout) return undefined;
  let name = 'awaited';
  for (let i = 2; new RegExp(`\\b${name}\\b`).test(text); i++) name = `awaited${i}`;
  const declaration = `${python ? '' : 'const '}${name} = ${text.slice(awaited.start, awaited.end)}${python ? '' : ';'}`;
  return [
    { span: { start: statement.start, end: statement.start }, newText: `${declaration}${layout.lineEnd}${layout.indent}` },
    { span: awaited, newText: name },
  ];
}
