// Module spans: the same model with its spans moved by an edit of the text.

import type { Binding, Module } from '../../model/module';
import type { Block, Step } from '../../model/operation';
import type { TextEdit } from '../../text/edit';
import type { Span } from '../../text/span';

/** Where a span of the text before an edit stands after it; what the edit replaced is squeezed into the new text. */
export function mapSpan(span: Span, { span: old, newText }: TextEdit): Span {
  const inside = (offset: number) => old.start + Math.min(Math.max(offset - old.start, 0), newText.length);
  const moved = (offset: number) => offset + newText.length - (old.end - old.start);
  const start = span.start >= old.end ? moved(span.start) : span.start <= old.start ? span.start : inside(span.start);
  const end = span.end <= old.start ? span.end : span.end >= old.end ? moved(span.end) : inside(span.end);
  return { start: Math.min(start, end), end };
}

/** The model with all spans moved. */
export function mapModuleSpans(module: Module, edit: TextEdit): Module {
  const at = (span: Span) => mapSpan(span, edit);
  const comments: number[] = [];
  for (let i = 0; i + 1 < module.comments.length; i += 2) {
    const { start, end } = at({ start: module.comments[i], end: module.comments[i + 1] });
    comments.push(start, end);
  }
  const bindings = Object.create(null) as Record<string, Binding>;
  for (const [name, binding] of Object.entries(module.bindings)) bindings[name] = 'span' in binding ? { ...binding, span: at(binding.span) } : binding;
  return {
    ...module,
    comments,
    bindings,
    classes: module.classes.map((each) => ({
      ...each,
      span: at(each.span),
      nameSpan: at(each.nameSpan),
      fields: each.fields.map((field) => ({ ...field, span: at(field.span) })),
    })),
    functions: module.functions.map((each) => ({
      ...each,
      span: at(each.span),
      nameSpan: at(each.nameSpan),
      statements: each.statements.map(at),
      operations: each.operations.map((operation) => ({ ...operation, span: at(operation.span) })),
      body: mapBlock(each.body, at),
    })),
    ...(module.guards ? { guards: module.guards.map((guard) => ({ ...guard, span: at(guard.span) })) } : {}),
    problems: module.problems.map((problem) => ({ ...problem, span: at(problem.span) })),
  };
}

type Mapping = (span: Span) => Span;

/** As deep as the lowering lets code nest. */
function mapBlock(block: Block, at: Mapping): Block {
  return block.map((step) => mapStep(step, at));
}

function mapStep(step: Step, at: Mapping): Step {
  if (typeof step === 'number') return step;
  const span = at(step.span);
  switch (step.kind) {
    case 'branch':
      return { ...step, span, arms: step.arms.map((arm) => mapBlock(arm, at)) };
    case 'loop':
      return { ...step, span, body: mapBlock(step.body, at), otherwise: mapBlock(step.otherwise, at) };
    case 'try':
      return {
        ...step,
        span,
        body: mapBlock(step.body, at),
        handlers: step.handlers.map((handler) => mapBlock(handler, at)),
        otherwise: mapBlock(step.otherwise, at),
        final: mapBlock(step.final, at),
      };
    case 'with':
      return { ...step, span, body: mapBlock(step.body, at) };
  }
}
