// Declarations: where a module declares the fields of its classes and its variables.
import type { Span } from '../text/span';
import type { FunctionKind, Module } from './module';
import { ELEMENT, type Place, printPlace } from './place';

export interface Declaration {
  /** A field of a class, or a variable of the module. */
  readonly place: Place;
  /** Of what is declared; of the whole declaration where that is a field of its own. */
  readonly span: Span;
  /** The whole statement around it. */
  readonly statement: Span;
  /** What it stands in: a class's body, or a function of this kind. */
  readonly within: 'class' | FunctionKind;
}

/** All of them, in no particular order; fields and variables that are assigned in several places are there several times. */
export function* declarationsIn({ classes, bindings, functions }: Module): Iterable<Declaration> {
  for (const [index, { fields }] of classes.entries()) {
    for (const { name, span, shared } of fields) {
      yield { place: { root: { kind: shared ? 'class' : 'receiver', class: index }, path: [name] }, span, statement: span, within: 'class' };
    }
  }
  for (const [name, binding] of Object.entries(bindings)) {
    if (binding.kind === 'variable')
      yield { place: { root: { kind: 'module', name }, path: [] }, span: binding.span, statement: binding.span, within: 'module' };
  }
  for (const { operations, statements, kind } of functions) {
    for (const operation of operations) {
      if (operation.kind !== 'write' || operation.mode !== 'assign' || !isDeclarable(operation.place)) continue;
      yield { place: operation.place, span: operation.span, statement: statements[operation.statement], within: kind };
    }
  }
}

/** The same for a field whether it is declared on the class or on its objects. */
export function declaredName(place: Place): string {
  return 'class' in place.root ? `${place.root.class}.${place.path.join('.')}` : printPlace(place);
}

function isDeclarable({ root, path }: Place): boolean {
  if (root.kind === 'module') return path.length === 0;
  return (root.kind === 'receiver' || root.kind === 'class') && path.length === 1 && path[0] !== ELEMENT;
}
