// Lowering of JSX: an element is a call of its component with the attributes as named arguments.
import ts from 'typescript';
import type { Argument } from '../../model/operation';
import { type Expression, UNKNOWN_EXPRESSION } from '../local-flow';
import { emitCall, lowerCallee } from './calls';
import { type FunctionLowering, Tables } from './lowering';
import { propertyNameOf } from './names';
import { placeExpression } from './names-and-places';

const K = ts.SyntaxKind;
const tables = new Tables();
export const JSX_TABLES = tables;

tables.expression([K.JsxSelfClosingElement], (f, node: ts.JsxSelfClosingElement) => lowerElement(f, node, node, []));
tables.expression([K.JsxElement], (f, node: ts.JsxElement) => lowerElement(f, node, node.openingElement, node.children));
tables.expression([K.JsxFragment], (f, node: ts.JsxFragment) => {
  for (const child of node.children) f.expression(child);
  return UNKNOWN_EXPRESSION;
});
tables.expression([K.JsxExpression], (f, node: ts.JsxExpression) => (node.expression ? f.expression(node.expression) : UNKNOWN_EXPRESSION));

function lowerElement(f: FunctionLowering, node: ts.Node, opening: ts.JsxOpeningLikeElement, children: readonly ts.JsxChild[]): Expression {
  const isComponent = !isIntrinsic(opening.tagName);
  const callee = isComponent
    ? lowerCallee(f, opening.tagName as ts.Expression)
    : placeExpression({ root: { kind: 'global', name: 'JSX' }, path: [f.module.text.slice(opening.tagName.pos, opening.tagName.end).trim() || 'element'] });
  const args: Argument[] = [];
  for (const attribute of opening.attributes.properties) {
    if (attribute.kind === K.JsxSpreadAttribute) {
      args.push({ ...f.expression(attribute.expression), spread: true });
    } else if (attribute.initializer) {
      args.push({ ...f.expression(attribute.initializer), name: attributeName(attribute.name) });
    }
  }
  for (const child of children) {
    if (child.kind !== K.JsxText) args.push({ ...f.expression(child), name: 'children' });
  }
  // An element without anything but constants does nothing that anybody would ask about.
  const matters = isComponent || args.some(({ value, depends }) => depends.length > 0 || value.kind === 'function' || value.kind === 'place');
  return matters ? emitCall(f, node, callee, args, 'call', 'used') : UNKNOWN_EXPRESSION;
}

function attributeName(name: ts.JsxAttributeName): string {
  return name.kind === K.JsxNamespacedName ? `${name.namespace.text}:${name.name.text}` : (propertyNameOf(name) ?? 'attribute');
}

/** Elements of the page itself, such as `div`, as opposed to components. */
function isIntrinsic(tag: ts.JsxTagNameExpression): boolean {
  if (tag.kind === K.JsxNamespacedName) return true;
  return tag.kind === K.Identifier && /^[a-z]/.test(tag.text);
}
