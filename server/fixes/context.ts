// The context of fixes: where sites stand, and the trees of the files, each parsed when it is first asked for.
import type { SyntaxTree } from '../lower/front-end';
import { locate } from '../summary/locate';
import type { Program } from '../summary/program';
import { pythonNodeAt } from '../syntax/python/nodes';
import type { FixContext, PythonSource, TypeScriptSource } from './fix';
import { pathTo } from './typescript/nodes';

/** Gives the tree of a file's present text; undefined where it does not parse. */
export type TreeOf = (file: string) => SyntaxTree | undefined;

/** A context for one round of reporting: texts must not change while it is in use. */
export function fixContext(program: Program, textOf: (file: string) => string | undefined, treeOf: TreeOf): FixContext {
  const trees = new Map<string, SyntaxTree | undefined>();
  const known = (file: string) => {
    // A text that does not parse has the functions of an older one, whose places may be others.
    if (!trees.has(file)) trees.set(file, (program.modules.get(file)?.module.problems.length ?? 1) > 0 ? undefined : treeOf(file));
    return trees.get(file);
  };
  const python = (file: string): PythonSource | undefined => {
    const [syntax, text] = [known(file), textOf(file)];
    return syntax?.language === 'python' && text !== undefined ? { file, text, tree: syntax.tree } : undefined;
  };
  const typescript = (file: string): TypeScriptSource | undefined => {
    const [syntax, text] = [known(file), textOf(file)];
    return syntax?.language === 'typescript' && text !== undefined ? { file, text, tree: syntax.tree } : undefined;
  };
  return {
    program,
    python,
    typescript,
    pythonAt(site) {
      const located = locate(program, site);
      const source = python(located.file);
      return source && { ...located, source, node: pythonNodeAt(source.tree, located.span) };
    },
    typescriptAt(site) {
      const located = locate(program, site);
      const source = typescript(located.file);
      return source && { ...located, source, path: pathTo(source, located.span) };
    },
  };
}
