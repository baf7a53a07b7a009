// Use the promise version: `readFileSync(path)` → `await readFile(path)`, where the function around it can wait.
import ts from 'typescript';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, replacement, type TypeScriptSource } from '../fix';
import { awaiting, exactly, mayAwait } from './awaits';
import { besideMember, hasWord, type ImportBinding, importOf, isUsedOnce, withoutMember } from './bindings';
import { importedFromNode } from './imports';
import { spanOf, textOf } from './nodes';

/** Functions of `fs` whose promise version takes and gives the same. */
const SAME_IN_PROMISES =
  /^(?:readFile|writeFile|appendFile|stat|lstat|statfs|access|readdir|mkdir|mkdtemp|rmdir|rm|cp|copyFile|unlink|rename|link|symlink|chmod|utimes|truncate|realpath|readlink)$/;

export const usePromiseVersion: Fix<'use-promise-version'> = ({ site }, context) => {
  const at = context.typescriptAt(site);
  const found = at && exactly(at.source, at.path, at.span, ts.isCallExpression);
  if (!at || !found || !mayAwait(found.above) || found.node.questionDotToken) return undefined;
  const { source } = at;
  const call = found.node;
  const plan = twinOf(source, call);
  if (!plan) return undefined;
  const expression = spanOf(source, call.expression);
  return {
    title: `Use ${plan.callee} and wait for it`,
    edits: inFile(at.file, [...plan.imports, ...awaiting(source, call, found.above), replacement(expression, plan.callee)]),
  };
};

interface Twin {
  /** What to call. */
  readonly callee: string;
  readonly imports: readonly TextEdit[];
}

function twinOf(source: TypeScriptSource, call: ts.CallExpression): Twin | undefined {
  const { expression } = call;
  if (ts.isIdentifier(expression)) {
    const binding = importOf(source, expression.text);
    const name = binding?.member?.name.replace(/Sync$/, '');
    if (!binding?.member || !name || name === binding.member.name || !takesTheSame(source, binding, name, call)) return undefined;
    return isNodeFs(binding) ? fromFsPromises(source, binding, expression.text, name) : fromSameModule(source, binding, expression.text, name);
  }
  if (!ts.isPropertyAccessExpression(expression) || !ts.isIdentifier(expression.expression) || expression.questionDotToken) return undefined;
  const binding = importOf(source, expression.expression.text);
  const name = expression.name.text.replace(/Sync$/, '');
  if (!binding || binding.member || name === expression.name.text || !takesTheSame(source, binding, name, call)) return undefined;
  return { callee: `${expression.expression.text}${isNodeFs(binding) ? '.promises' : ''}.${name}`, imports: [] };
}

function isNodeFs({ specifier }: ImportBinding): boolean {
  return /^(?:node:)?fs$/.test(specifier.text);
}

/** Whether the asynchronous version takes the same arguments and gives a promise of the same. */
function takesTheSame(source: TypeScriptSource, { specifier }: ImportBinding, name: string, call: ts.CallExpression): boolean {
  if (/^(?:bcrypt|bcryptjs)$/.test(specifier.text)) return /^(?:hash|compare)$/.test(name) && call.arguments.length === 2;
  if (!/^(?:(?:node:)?fs|fs-extra)$/.test(specifier.text) || !SAME_IN_PROMISES.test(name)) return false;
  // A file that is open already has another type there, and an option says that nothing may be found.
  const [first] = call.arguments;
  if (first && (ts.isNumericLiteral(first) || /fd$|descriptor$|^stdin$/i.test(textOf(source, first)))) return false;
  return !call.arguments.some((each) => ts.isSpreadElement(each) || /\bthrowIfNoEntry\b/.test(textOf(source, each)));
}

/** `readFile` of `fs/promises` for `readFileSync` of `fs`, which is no longer imported where this was its one use. */
function fromFsPromises(source: TypeScriptSource, binding: ImportBinding, used: string, name: string): Twin | undefined {
  const imported = importedFromNode(source, 'fs/promises', name);
  if (!imported || !binding.member) return undefined;
  // A name that the file has already may be another function, such as the one with a callback.
  const isNew = imported.edits.length > 0;
  if (isNew && (hasWord(source, name) || imported.name !== name)) return undefined;
  if (!isUsedOnce(source, used)) return { callee: imported.name, imports: imported.edits };
  if (!binding.member.isOnly) return { callee: imported.name, imports: [...imported.edits, ...withoutMember(source, binding)] };
  if (!isNew || /from ['"](?:node:)?fs\/promises|require\(['"](?:node:)?fs\/promises/.test(source.text))
    return { callee: imported.name, imports: imported.edits };
  const specifier = spanOf(source, binding.specifier);
  return {
    callee: name,
    imports: [replacement(spanOf(source, binding.member.element), name), replacement({ start: specifier.end - 1, end: specifier.end - 1 }, '/promises')],
  };
}

function fromSameModule(source: TypeScriptSource, binding: ImportBinding, used: string, name: string): Twin | undefined {
  if (hasWord(source, name)) return undefined;
  return { callee: name, imports: besideMember(source, binding, name, isUsedOnce(source, used)) };
}
