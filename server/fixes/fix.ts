// Fix: what turns an intent into text edits has to work with and has to give.
import type ts from 'typescript';
import type { FixIntentOf, FixKind } from '../rules/fix-intent';
import type { Located, Site } from '../summary/locate';
import type { Program } from '../summary/program';
import type { PythonNode, PythonTree } from '../syntax/python/nodes';
import type { TextEdit } from '../text/edit';
import type { Span } from '../text/span';

/**
 * Turns an intent into edits of the texts as they are now; undefined wherever the text does not allow it without harm.
 * After its edits the file still parses, the finding is gone, no other has come, and asking again gives nothing.
 */
export type Fix<K extends FixKind> = (intent: FixIntentOf<K>, context: FixContext) => FixPlan | undefined;

export interface FixPlan {
  /** What it does here, in the imperative: it is the title of a menu's entry. */
  readonly title: string;
  readonly edits: readonly FileEdit[];
}

export interface FileEdit extends TextEdit {
  readonly file: string;
}

export interface FixContext {
  readonly program: Program;
  /** A site in a Python file; undefined in another language, and in a text that does not parse. */
  pythonAt(site: Site): PythonPlace | undefined;
  /** A site in a TypeScript or JavaScript file; undefined in another language, and in a text that does not parse. */
  typescriptAt(site: Site): TypeScriptPlace | undefined;
  /** A whole file, for fixes that work in several. */
  python(file: string): PythonSource | undefined;
  typescript(file: string): TypeScriptSource | undefined;
}

export interface PythonSource {
  readonly file: string;
  readonly text: string;
  readonly tree: PythonTree;
}

export interface TypeScriptSource {
  readonly file: string;
  readonly text: string;
  /** Its nodes know no parents and have no methods; `typescript/nodes.ts` says how to walk. */
  readonly tree: ts.SourceFile;
}

export interface PythonPlace extends Located {
  readonly source: PythonSource;
  /** The innermost node that holds the site's span. */
  readonly node: PythonNode;
}

export interface TypeScriptPlace extends Located {
  readonly source: TypeScriptSource;
  /** The nodes that hold the site's span, from the file down to the innermost. */
  readonly path: readonly ts.Node[];
}

/** A name that an edit can write, and the edits that give the file that name; none where it has it already. */
export interface Named {
  readonly name: string;
  readonly edits: readonly TextEdit[];
}

/** Edits of one file as a plan's edits. */
export function inFile(file: string, edits: readonly TextEdit[]): FileEdit[] {
  return edits.map((edit) => ({ file, ...edit }));
}

/** An edit that puts text at an offset. */
export function insertion(offset: number, newText: string): TextEdit {
  return { span: { start: offset, end: offset }, newText };
}

/** An edit that replaces what stands at a span. */
export function replacement({ start, end }: Span, newText: string): TextEdit {
  return { span: { start, end }, newText };
}

/** Whether one span lies in another, or is the same. */
export function isWithin(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
