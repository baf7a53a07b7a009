// Last good: while a text does not parse, what an edit did not touch stays as it was, so that findings do not flicker.

import type { Module } from '../../model/module';
import { differenceOf, type TextEdit } from '../../text/edit';
import { mapModuleSpans, mapSpan } from './module-spans';

interface GoodVersion {
  readonly text: string;
  readonly module: Module;
}

/** The last model without syntax errors of each file that is being edited. */
export class LastGood {
  private readonly versions = new Map<string, GoodVersion>();

  keep(file: string, text: string, module: Module): void {
    this.versions.set(file, { text, module });
  }

  forget(file: string): void {
    this.versions.delete(file);
  }

  /**
   * The model to show for a text that does not parse: `module`, as it was read, when everything outside the edit is in
   * it; otherwise the last good model with its spans moved by the edit, and the problems of `module`. An unclosed
   * bracket or quote loses functions that stand far from it, and indices of functions cannot be mixed between models.
   */
  repair(file: string, text: string, module: Module): Module {
    const good = this.versions.get(file);
    if (!good) return module;
    const edit = differenceOf(good.text, text);
    if (keepsUntouched(good.module, module, edit)) return module;
    return { ...mapModuleSpans(good.module, edit), problems: module.problems };
  }
}

/** Whether every function, class and module-level statement that the edit did not touch is in the new model as it was. */
function keepsUntouched(before: Module, after: Module, edit: TextEdit): boolean {
  const touches = (span: { start: number; end: number }) => span.start <= edit.span.end && edit.span.start <= span.end;
  const names = new Set(after.functions.map((each) => each.qualifiedName));
  const found = new Set<string>();
  for (const each of after.functions) found.add(`${each.qualifiedName} ${each.span.start} ${each.span.end} ${each.operations.length}`);
  for (const each of after.classes) found.add(`class ${each.qualifiedName} ${each.span.start} ${each.span.end}`);
  for (const span of after.functions[0].statements) found.add(`${span.start} ${span.end}`);
  return (
    before.functions.every((each, index) => {
      const span = mapSpan(each.span, edit);
      // Of a function that was touched at least the name is still there, unless that was touched.
      if (index === 0 || touches(each.span)) return touches(each.nameSpan) || names.has(each.qualifiedName);
      return found.has(`${each.qualifiedName} ${span.start} ${span.end} ${each.operations.length}`);
    }) &&
    before.classes.every((each) => {
      const span = mapSpan(each.span, edit);
      return touches(each.span) || found.has(`class ${each.qualifiedName} ${span.start} ${span.end}`);
    }) &&
    before.functions[0].statements.every((each) => {
      const span = mapSpan(each, edit);
      return touches(each) || found.has(`${span.start} ${span.end}`);
    })
  );
}
