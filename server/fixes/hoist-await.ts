// Hoist an await: what is waited for is evaluated before the statement, so that what else the statement reads is fresh.
import { type Fix, inFile, insertion, replacement } from './fix';
import { freshName, indentOf, lineEndOf } from './layout';
import { hoistable } from './typescript/hoisted';
import { semicolonOf } from './typescript/style';

/** `total += await price()` → `const awaited = await price(); total += awaited`. */
export const hoistAwait: Fix<'hoist-await'> = ({ site, awaited }, context) => {
  const [python, typescript] = [context.pythonAt(site), context.typescriptAt(site)];
  const [at, wait] = [python ?? typescript, context.pythonAt(awaited) ?? context.typescriptAt(awaited)];
  const indent = at && indentOf(at.source.text, at.statement.start);
  if (!at || !wait || indent === undefined) return undefined;
  const { text } = at.source;
  const replaced = typescript && 'path' in wait ? hoistable(typescript, wait) : wait.span;
  if (!replaced) return undefined;
  const name = freshName(text, 'awaited');
  const expression = text.slice(wait.span.start, wait.span.end);
  const declaration = typescript ? `const ${name} = ${expression}${semicolonOf(typescript.source)}` : `${name} = ${expression}`;
  return {
    title: 'Wait before the statement, so that it works on the value as it is then',
    edits: inFile(at.file, [insertion(at.statement.start, `${declaration}${lineEndOf(text)}${indent}`), replacement(replaced, name)]),
  };
};
