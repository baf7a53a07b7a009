// Last good models: while a person types, an unclosed bracket must not make the rest of the file vanish.
import type { ModelClass, ModelFunction, Module } from '../../model/module';
import type { Block, Operation, Step } from '../../model/operation';
import { structuralHash } from '../../model/structural-hash';
import { differenceOf, type TextEdit } from '../../text/edit';
import type { Span } from '../../text/span';

/** The last model of a file whose text had no errors, with its spans moved along with the edits since then. */
interface Kept {
  readonly text: string;
  readonly module: Module;
  /** Functions that an edit since then went into. */
  readonly touched: ReadonlySet<number>;
}

/** Keeps the last good model of each file that is being edited. */
export class LastGood {
  private readonly kept = new Map<string, Kept>();

  /**
   * The model to work with: the new one, unless its text has errors that cost functions which no edit has touched. Then it
   * is the last good one, moved along with the edits. All functions or none: they refer to each other by index.
   */
  mend(text: string, module: Module): Module {
    const { file } = module;
    if (module.problems.length === 0) {
      this.kept.set(file, { text, module, touched: new Set() });
      return module;
    }
    const before = this.kept.get(file);
    if (!before) return module;
    const kept = moveAlong(before, text);
    this.kept.set(file, kept);
    return loses(kept, module) ? { ...kept.module, comments: module.comments, problems: module.problems } : module;
  }

  forget(file: string): void {
    this.kept.delete(file);
  }
}

/** Whether a function that was there and that nobody touched is missing. */
function loses({ module, touched }: Kept, current: Module): boolean {
  const present = new Set(current.functions.map(identityOf));
  return module.functions.some((fn, index) => index > 0 && !touched.has(index) && !present.has(identityOf(fn)));
}

function identityOf({ qualifiedName, span }: ModelFunction): string {
  return `${qualifiedName}@${span.start}-${span.end}`;
}

function moveAlong(before: Kept, text: string): Kept {
  if (before.text === text) return before;
  const edit = differenceOf(before.text, text);
  const touched = new Set(before.touched);
  before.module.functions.forEach(({ span }, index) => {
    if (span.start < edit.span.end && edit.span.start < span.end) touched.add(index);
    else if (edit.span.start === edit.span.end && span.start < edit.span.start && edit.span.start < span.end) touched.add(index);
  });
  return { text, module: new Shift(edit).module(before.module), touched };
}

/** Moves everything behind an edit, and stretches what it lies in. */
class Shift {
  private readonly by: number;

  constructor(private readonly edit: TextEdit) {
    this.by = edit.newText.length - (edit.span.end - edit.span.start);
  }

  module(module: Module): Module {
    const bindings = Object.fromEntries(
      Object.entries(module.bindings).map(([name, binding]) => [name, 'span' in binding ? { ...binding, span: this.span(binding.span) } : binding]),
    );
    return {
      ...module,
      bindings,
      functions: module.functions.map((fn) => this.function(fn)),
      classes: module.classes.map((each) => this.class(each)),
      ...(module.guards ? { guards: module.guards.map((guard) => ({ ...guard, span: this.span(guard.span) })) } : {}),
    };
  }

  private offset(offset: number): number {
    if (offset <= this.edit.span.start) return offset;
    if (offset >= this.edit.span.end) return offset + this.by;
    return this.edit.span.start;
  }

  private span(span: Span): Span {
    const start = this.offset(span.start);
    return { start, end: Math.max(start, this.offset(span.end)) };
  }

  private function(fn: ModelFunction): ModelFunction {
    if (fn.span.end < this.edit.span.start) return fn;
    const moved = { ...fn, span: this.span(fn.span), nameSpan: this.span(fn.nameSpan) };
    const { start, end } = this.edit.span;
    if (fn.kind !== 'module' && start <= fn.span.start && fn.span.end <= end && start < end) {
      // It has been deleted, but others refer to those behind it by index.
      const empty = { ...moved, statements: [], operations: [], body: [] };
      return { ...empty, hash: structuralHash(empty) };
    }
    return {
      ...moved,
      statements: fn.statements.map((span) => this.span(span)),
      operations: fn.operations.map((operation): Operation => ({ ...operation, span: this.span(operation.span) })),
      body: this.block(fn.body),
    };
  }

  private block(block: Block): Block {
    return block.map((step): Step => {
      if (typeof step === 'number') return step;
      const span = this.span(step.span);
      switch (step.kind) {
        case 'branch':
          return { ...step, span, arms: step.arms.map((arm) => this.block(arm)) };
        case 'loop':
          return { ...step, span, body: this.block(step.body), otherwise: this.block(step.otherwise) };
        case 'try':
          return {
            ...step,
            span,
            body: this.block(step.body),
            handlers: step.handlers.map((handler) => this.block(handler)),
            otherwise: this.block(step.otherwise),
            final: this.block(step.final),
          };
        case 'with':
          return { ...step, span, body: this.block(step.body) };
      }
    });
  }

  private class(each: ModelClass): ModelClass {
    return {
      ...each,
      span: this.span(each.span),
      nameSpan: this.span(each.nameSpan),
      fields: each.fields.map((field) => ({ ...field, span: this.span(field.span) })),
    };
  }
}
