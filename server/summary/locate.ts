// Locating: from a point of a function to the place in its source text, as it is now.
import type { Span } from '../text/span';
import type { FunctionKey } from './keys';
import { annotationAt, NAME } from './points';
import type { Program } from './program';
import { withAt } from './structure';
import type { Point } from './summary';

/** A point of a function. It stays right when text elsewhere moves. `NAME` stands for the function's own name. */
export interface Site {
  readonly function: FunctionKey;
  readonly point: Point;
}

/** Where a site stands: its file, the operation's own span, and the whole statement that holds it. */
export interface Located {
  readonly file: string;
  readonly span: Span;
  readonly statement: Span;
}

/** The place of a site in the program as it is now; a site whose function is gone is an error of the caller. */
export function locate(program: Program, site: Site): Located {
  const fn = program.functions.get(site.function);
  if (!fn) throw new Error(`no function ${site.function}`);
  const model = fn.module.module.functions[fn.index];
  const file = fn.module.file;
  if (site.point === NAME) return { file, span: model.nameSpan, statement: model.span };
  const annotation = annotationAt(site.point);
  if (annotation !== undefined) {
    const guard = fn.module.module.guards?.[annotation];
    if (!guard) throw new Error(`no annotation ${annotation} in ${file}`);
    return { file, span: guard.span, statement: guard.span };
  }
  const step = site.point >= 0 ? model.operations[site.point] : withAt(model, site.point);
  if (!step) throw new Error(`no point ${site.point} in ${site.function}`);
  return { file, span: step.span, statement: model.statements[step.statement] ?? step.span };
}
