// An esbuild plugin that takes only the parser out of the package `typescript`: a tenth of its size and of its time to load.
//
// The package is one file in which more than five thousand declarations share one scope. Those that the used functions
// reach, directly or not, are kept; the type checker, the emitter and the editor services are not among them. What is kept is
// the package's own text. Two things differ from the whole package: nodes have no methods (`getStart`, `getText`, …), which
// only the editor services add, and error messages are there only for what the parser itself reports. A unit test holds the
// trees against those of the whole package.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

const require = createRequire(import.meta.url);
const METHODS =
  /\.(getStart|getFullStart|getEnd|getText|getFullText|getWidth|getChildren|getChildAt|getFirstToken|getLastToken|getSourceFile|getLineAndCharacterOfPosition)\(/;

/** Identifiers have `text` only through classes of the editor services: here the parser's own nodes are given it. */
const NAMES_WITH_TEXT = `
{
  const text = { get() { return idText(this); } };
  Object.defineProperty(objectAllocator.getIdentifierConstructor().prototype, 'text', text);
  class PrivateName extends objectAllocator.getPrivateIdentifierConstructor() {}
  Object.defineProperty(PrivateName.prototype, 'text', text);
  objectAllocator.getPrivateIdentifierConstructor = () => PrivateName;
}
`;

/** The plugin; `sources` is the folder whose files tell by `ts.name` which names of the package are used. */
export function typescriptParser(sources) {
  let module;
  return {
    name: 'typescript-parser',
    setup(build) {
      build.onResolve({ filter: /^typescript$/ }, () => ({ path: 'parser', namespace: 'typescript-parser' }));
      build.onLoad({ filter: /.*/, namespace: 'typescript-parser' }, () => {
        module ??= reduceTypeScript(usedNames(sources));
        return { contents: module, loader: 'js' };
      });
      // Only for time measurements that are switched off.
      build.onResolve({ filter: /^perf_hooks$/, namespace: 'typescript-parser' }, () => ({ path: 'perf_hooks', namespace: 'left-out' }));
      build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
    },
  };
}

/** The names used as `ts.name` in a folder. Throws where a file calls a method that the parser's nodes do not have. */
function usedNames(folder) {
  const names = new Set();
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(path.join(folder, file), 'utf8');
    if (!/ from 'typescript'/.test(text)) continue;
    const method = METHODS.exec(text);
    if (method) throw new Error(`${file} calls ${method[1]}(), which nodes of the bundled TypeScript parser do not have; use pos, end and the source text`);
    for (const [, name] of text.matchAll(/\bts\.(\w+)/g)) names.add(name);
  }
  return names;
}

/** The text of a module that exports those of the names that the package has as values. */
export function reduceTypeScript(names) {
  const text = readFileSync(require.resolve('typescript'), 'utf8');
  const program = readProgram(text);
  const roots = [...names].filter((name) => name in ts && program.declaredBy.has(name));
  const kept = reach(program, [...roots, 'objectAllocator', 'idText']);
  const messages = new Set(kept.flatMap(({ messages }) => [...messages]));
  const body = kept.map((part) => (part.declares[0] === 'Diagnostics' ? pruneMessages(part.node, text, messages) : text.slice(part.node.pos, part.node.end)));
  const list = roots.join(', ');
  return `${body.join('\n')}\n${NAMES_WITH_TEXT}\nexport { ${list} };\nexport default { ${list} };\n`;
}

/**
 * The package's statements: what each declares, what it refers to, and, for those that declare nothing, whose they are:
 * `A.b = …` and `(function (A) { … })(A || (A = {}))` belong to A. The rest are registrations that only the editor services need.
 */
function readProgram(text) {
  const file = ts.createSourceFile('typescript.js', text, { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone });
  const wrapper = file.statements.find((statement) => ts.isExpressionStatement(statement) && ts.isCallExpression(statement.expression));
  const body = wrapper && skipParentheses(wrapper.expression.expression).body;
  if (!body?.statements || body.statements.length < 1000) throw new Error('the package typescript is not laid out as expected');
  const parts = body.statements.map((node) => ({ node, declares: declaredNames(node), owner: ownerOf(node), refers: new Set(), messages: new Set() }));
  const declaredBy = new Map(parts.flatMap((part) => part.declares.map((name) => [name, part])));
  const ownedBy = groupByOwner(parts);
  for (const part of parts) collectReferences(part.node, part);
  return { parts, declaredBy, ownedBy };
}

function groupByOwner(parts) {
  const groups = new Map();
  for (const part of parts) groups.set(part.owner, [...(groups.get(part.owner) ?? []), part]);
  return groups;
}

function declaredNames(node) {
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return [node.name.text];
  if (!ts.isVariableStatement(node)) return [];
  const names = [];
  const collect = (name) => {
    if (ts.isIdentifier(name)) names.push(name.text);
    else for (const element of name.elements) if (element.name) collect(element.name);
  };
  for (const declaration of node.declarationList.declarations) collect(declaration.name);
  return names;
}

function ownerOf(node) {
  if (!ts.isExpressionStatement(node)) return undefined;
  const { expression } = node;
  if (ts.isBinaryExpression(expression)) {
    let target = expression.left;
    while (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) target = target.expression;
    return target.text;
  }
  if (!ts.isCallExpression(expression)) return undefined;
  const [argument] = expression.arguments;
  const callee = skipParentheses(expression.expression);
  if (ts.isFunctionExpression(callee) || ts.isArrowFunction(callee)) return argument && ts.isBinaryExpression(argument) ? argument.left.text : undefined;
  return ts.isIdentifier(callee) && callee.text === '__export' ? argument.text : undefined;
}

/** Every identifier that is not the name of a property counts as a reference, whatever it is bound to: too many rather than too few. */
function collectReferences(root, part) {
  const visit = (node) => {
    if (ts.isIdentifier(node)) part.refers.add(node.text);
    else if (ts.isPropertyAccessExpression(node)) {
      if (ts.isIdentifier(node.expression) && node.expression.text === 'Diagnostics') part.messages.add(node.name.text);
      visit(node.expression);
    } else if (ts.isPropertyAssignment(node)) {
      if (ts.isComputedPropertyName(node.name)) visit(node.name);
      visit(node.initializer);
    } else ts.forEachChild(node, visit);
  };
  visit(root);
}

/** The statements that the roots reach, in the package's order. */
function reach({ parts, declaredBy, ownedBy }, roots) {
  const seen = new Set();
  const queue = [];
  const add = (part) => {
    if (seen.has(part)) return;
    seen.add(part);
    queue.push(part);
    for (const name of part.declares) for (const owned of ownedBy.get(name) ?? []) add(owned);
  };
  for (const name of roots) add(declaredBy.get(name));
  for (let part = queue.pop(); part; part = queue.pop()) {
    for (const name of part.refers) {
      const other = declaredBy.get(name);
      if (other) add(other);
    }
  }
  return parts.filter((part) => seen.has(part));
}

/** The table of all error messages, cut down to those that the kept code names. */
function pruneMessages(node, text, names) {
  const [declaration] = node.declarationList.declarations;
  const table = declaration.initializer;
  if (!table || !ts.isObjectLiteralExpression(table)) throw new Error('the messages of the package typescript are not laid out as expected');
  const rows = table.properties.filter((row) => names.has(row.name.text));
  return `var Diagnostics = {\n${rows.map((row) => text.slice(row.pos, row.end)).join(',')}\n};`;
}

function skipParentheses(node) {
  return ts.isParenthesizedExpression(node) ? skipParentheses(node.expression) : node;
}
