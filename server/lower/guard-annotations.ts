// Guard annotations: finds the declarations that annotation comments stand at, and enters what they state in the model.
import { declarationsIn, declaredName } from '../model/declarations';
import type { ModelFunction, Module, StatedGuard } from '../model/module';
import type { Place } from '../model/place';
import { structuralHash } from '../model/structural-hash';
import { LineMap } from '../text/line-map';
import type { Span } from '../text/span';
import { annotationsIn, mayAnnotate } from './annotation-comments';

/** The module with what its comments state of guards and required locks; the same one where they state nothing. */
export function readAnnotations(module: Module, text: string): Module {
  if (!mayAnnotate(text)) return module;
  const guards: StatedGuard[] = [];
  const requires = new Map<number, string[]>();
  let source: Source | undefined;
  for (const comment of commentsOf(module)) {
    for (const { kind, lock, span } of annotationsIn(text, comment, module.language)) {
      source ??= new Source(module, text);
      if (kind === 'guarded') for (const place of source.declaredAt(comment)) guards.push({ place, lock, span });
      else {
        const index = source.functionAt(comment);
        if (index !== undefined) requires.set(index, [...(requires.get(index) ?? []), lock]);
      }
    }
  }
  return {
    ...module,
    ...(guards.length > 0 ? { guards } : {}),
    ...(requires.size > 0 ? { functions: module.functions.map((fn, index) => requiring(fn, requires.get(index))) } : {}),
  };
}

function requiring(fn: ModelFunction, requires: readonly string[] | undefined): ModelFunction {
  if (!requires) return fn;
  const whole = { ...fn, requires };
  return { ...whole, hash: structuralHash(whole) };
}

function commentsOf({ comments }: Module): Span[] {
  return Array.from({ length: comments.length >> 1 }, (_, i) => ({ start: comments[2 * i], end: comments[2 * i + 1] }));
}

/** Where something that can be annotated stands: the lines on which it begins and its statement ends. */
interface Declared {
  readonly place: Place;
  readonly first: number;
  readonly last: number;
}

/** What cannot be told to hold a lock: it has no callers to speak of, or no name that a comment could stand at. */
const WITHOUT_CALLERS: ReadonlySet<string> = new Set(['module', 'constructor', 'lambda']);

/** Lines that may stand between an annotation and what it is about: comments and decorators. */
const BETWEEN = { python: /^\s*[#@]/, typescript: /^\s*(?:\/\/.*|\/\*.*\*\/\s*|@[\w.]+(?:\(.*\))?\s*)$/ };

/** A text by its lines: which comments stand alone, and what is declared where. */
class Source {
  private readonly lines: LineMap;
  private readonly declared: readonly Declared[];

  constructor(
    private readonly module: Module,
    private readonly text: string,
  ) {
    this.lines = new LineMap(text);
    this.declared = Array.from(declarationsIn(module), ({ place, span, statement }) => ({
      place,
      first: this.lineOf(span.start),
      last: this.lineOf(statement.end),
    }));
  }

  /** The fields and variables that a comment annotates: those declared on its line, or on the line below one that stands alone. */
  declaredAt(comment: Span): Place[] {
    const below = this.lineBelow(comment);
    const line = this.lineOf(comment.start);
    const here = this.declared.filter(({ first, last }) => (below === undefined ? first === line || last === line : first === below));
    return [...new Map(here.map(({ place }) => [declaredName(place), place])).values()];
  }

  /** The function that a comment annotates: right above it or its decorators, in its head, or before its first statement. */
  functionAt(comment: Span): number | undefined {
    const line = this.lineBelow(comment) ?? this.lineOf(comment.start);
    const functions = this.module.functions.map((fn, index) => ({ fn, index })).filter(({ fn }) => !WITHOUT_CALLERS.has(fn.kind));
    const begun = functions.filter(({ fn }) => this.lineOf(fn.nameSpan.start) === line || this.lineOf(fn.span.start) === line);
    if (begun.length > 0) return begun.reduce((outer, each) => (each.fn.span.start < outer.fn.span.start ? each : outer)).index;
    const around = functions.filter(({ fn }) => fn.nameSpan.end <= comment.start && comment.end <= fn.span.end);
    if (around.length === 0) return undefined;
    const inner = around.reduce((found, each) => (each.fn.span.start >= found.fn.span.start ? each : found));
    const documented = new Set(commentsOf(this.module).map(({ start }) => start));
    return inner.fn.statements.some(({ start }) => start < comment.start && !documented.has(start)) ? undefined : inner.index;
  }

  private lineOf(offset: number): number {
    return this.lines.positionAt(offset).line;
  }

  /** The line of what a comment with nothing before it stands above: past further comments and decorators, not past empty lines. */
  private lineBelow(comment: Span): number | undefined {
    if (this.text.slice(this.lines.lineSpan(this.lineOf(comment.start)).start, comment.start).trim() !== '') return undefined;
    let line = this.lineOf(comment.end);
    const rest = this.text.slice(comment.end, this.lines.lineSpan(line).end).trim();
    if (rest !== '' && !rest.startsWith('//')) return line;
    while (++line < this.lines.lineCount) {
      const { start, end } = this.lines.lineSpan(line);
      if (!BETWEEN[this.module.language].test(this.text.slice(start, end))) return line;
    }
    return line;
  }
}
