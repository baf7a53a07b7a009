// Kept promises: a field or variable for the promise of what is under way, declared beside the place that the work fills.
import ts from 'typescript';
import type { TextEdit } from '../../text/edit';
import { insertion, type TypeScriptSource } from '../fix';
import { below, indentOf, lineEndOf } from '../layout';
import { boundBy } from './names';
import { childrenOf, ownsItsLines, spanOf, textOf } from './nodes';
import { isTyped, semicolonOf } from './style';

/** A function of its own, or a method, with a body. */
export type Shareable = (ts.MethodDeclaration | ts.FunctionDeclaration) & { readonly name: ts.Identifier | ts.PrivateIdentifier; readonly body: ts.Block };

/** The parameter by whose values there is one promise each. */
export interface Key {
  readonly name: string;
  readonly type: ts.TypeNode | undefined;
}

export interface KeptPromise {
  /** How the function writes it: `this.connectPromise`. */
  readonly place: string;
  /** `this.` where functions are reached by it. */
  readonly owner: '' | 'this.';
  readonly edits: readonly TextEdit[];
}

/** A place for one promise, or for one by each key; undefined where none can be declared. */
export function keptPromise(
  source: TypeScriptSource,
  fn: Shareable,
  above: readonly ts.Node[],
  checked: string,
  name: string,
  promised: string,
  key: Key | null,
): KeptPromise | undefined {
  const type = `Promise<${promised}>`;
  // In TypeScript keys without a type would be of any.
  if (key && !key.type && isTyped(source)) return undefined;
  const holder = above.at(-1)!;
  const map = key ? `new Map${key.type ? `<${textOf(source, key.type)}, ${type}>` : ''}()` : undefined;
  const end = semicolonOf(source);
  if (ts.isMethodDeclaration(fn)) {
    const declared = isTyped(source) ? typedField(name, type, map) : map ? `${name} = ${map}` : name;
    const edits = ts.isClassLike(holder) ? fieldEdits(source, holder, checked.replace(/^this\./, '').split(/[.([?!]/)[0], `${declared}${end}`) : undefined;
    return edits && { place: `this.${name}`, owner: 'this.', edits };
  }
  const declared = map ? `const ${name} = ${map}` : `let ${name}${isTyped(source) ? `: ${type} | undefined` : ''}`;
  const variable = declarationOf(above, checked.split(/[.([?!]/)[0]);
  if (!variable || !ownsItsLines(source, spanOf(source, variable))) return undefined;
  return { place: name, owner: '', edits: [below(source.text, spanOf(source, variable), `${declared}${end}`)] };
}

function typedField(name: string, type: string, map: string | undefined): string {
  const visibility = name.startsWith('#') ? '' : 'private ';
  return map ? `${visibility}readonly ${name} = ${map}` : `${visibility}${name}?: ${type}`;
}

/** A field beside the one that is filled, or as the first member where fields are not declared beside each other. */
export function fieldEdits(source: TypeScriptSource, owner: ts.ClassLikeDeclaration, filled: string, line: string): TextEdit[] | undefined {
  const fields = owner.members.filter(ts.isPropertyDeclaration);
  const beside = fields.find((each) => textOf(source, each.name) === filled) ?? fields.at(-1);
  if (beside) return ownsItsLines(source, spanOf(source, beside)) ? [below(source.text, spanOf(source, beside), line)] : undefined;
  if (isTyped(source) || line.startsWith('#')) {
    const first = owner.members[0];
    const indent = indentOf(source.text, spanOf(source, first).start);
    return indent === undefined ? undefined : [insertion(spanOf(source, first).start, `${line}${lineEndOf(source.text)}${lineEndOf(source.text)}${indent}`)];
  }
  // A class whose fields are made by its constructor.
  const body = owner.members.find(ts.isConstructorDeclaration)?.body;
  const made = body?.statements.find((each) => ts.isExpressionStatement(each) && textOf(source, each).startsWith(`this.${filled} =`));
  if (!made || !ownsItsLines(source, spanOf(source, made))) return undefined;
  const [name, value = `undefined${semicolonOf(source)}`] = line.replace(/;$/, '').split(' = ');
  return [below(source.text, spanOf(source, made), `this.${name} = ${value.replace(/;$/, '')}${semicolonOf(source)}`)];
}

/** The statement among those around a function that declares a variable. */
function declarationOf(above: readonly ts.Node[], name: string): ts.Statement | undefined {
  for (const holder of [...above].reverse()) {
    const found = childrenOf(holder).find(
      (each): each is ts.VariableStatement =>
        ts.isVariableStatement(each) && each.declarationList.declarations.some((declared) => boundBy(declared.name).includes(name)),
    );
    if (found) return found;
  }
  return undefined;
}
