// What reports are built from, and the places and names that all their parts share.
import { CALLER, MAIN, type RootId, rootParts } from '../summary/contexts';
import type { Facts } from '../summary/facts';
import { type FunctionKey, nameOfKey } from '../summary/keys';
import { locate, type Site } from '../summary/locate';
import type { Point } from '../summary/summary';
import { rangeOf, type SourceText } from './source-text';
import type { ReportLocation } from './workspace-report';

export interface ReportInput {
  readonly facts: Facts;
  readonly sourceOf: (file: string) => SourceText;
}

/** A thing as reports refer to it. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** The name in a key, without the numbers of callbacks, which change when another one is written above. */
export function shownName(key: string): string {
  return nameOfKey(key).replace(/\blambda-\d+/g, 'callback');
}

export function named(key: string): Named {
  return { id: key, name: shownName(key) };
}

/** The place of a site in the text as it is now. */
export function placeOf({ facts, sourceOf }: ReportInput, site: Site): ReportLocation {
  const { file, span } = locate(facts.program, site);
  return { file, range: rangeOf(sourceOf(file), span) };
}

/** A place inside a function, with that function's name. */
export function placeIn(input: ReportInput, key: FunctionKey, point: Point): ReportLocation & { readonly function: string } {
  return { ...placeOf(input, { function: key, point }), function: shownName(key) };
}

/** A root as reports know it: what the analysis tells apart by its circumstances is one for a person. */
export function namedRoot(root: RootId): Named {
  const { kind, function: key } = rootParts(root);
  if (key === undefined) return { id: kind, name: root === MAIN ? 'the main program' : root === CALLER ? 'any caller' : 'callers on several threads' };
  return { id: `${key}:${kind}`, name: `${kind} ${shownName(key)}` };
}

/** For sorting places as people read them. */
export function byPlace(a: ReportLocation, b: ReportLocation): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.range.start.line - b.range.start.line || a.range.start.column - b.range.start.column;
}
