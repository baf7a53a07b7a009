// The parser cut out of the package `typescript`: it must give the very trees that the whole package gives.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
type Parser = Pick<typeof ts, 'createSourceFile' | 'updateSourceFile' | 'forEachChild' | 'flattenDiagnosticMessageText'>;
let parser: Parser;

beforeAll(async () => {
  const { typescriptParser } = (await import(path.join(root, 'scripts/typescript-parser.mjs'))) as {
    typescriptParser(sources: string): import('esbuild').Plugin;
  };
  const result = await build({
    stdin: { contents: "export { default } from 'typescript'", resolveDir: root },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    plugins: [typescriptParser(path.join(root, 'server'))],
  });
  const code = result.outputFiles[0]?.text ?? '';
  expect(code.length).toBeLessThan(2_000_000);
  const module = { exports: {} as { default?: Parser } };
  new Function('module', 'exports', 'require', code)(module, module.exports, createRequire(import.meta.url));
  if (!module.exports.default) throw new Error('the bundle exports no parser');
  parser = module.exports.default;
});

/** A tree as text: kinds, positions and flags of all nodes, and what was wrong. */
function print(with_: Parser, file: ts.SourceFile): string {
  const lines: string[] = [];
  const visit = (node: ts.Node, depth: number): void => {
    const text = 'text' in node && typeof node.text === 'string' && node.kind !== ts.SyntaxKind.SourceFile ? node.text : '';
    lines.push(`${depth} ${node.kind} ${node.pos}-${node.end} ${node.flags} ${text}`);
    with_.forEachChild(node, (child) => visit(child, depth + 1));
  };
  visit(file, 0);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: ts.Diagnostic[] };
  for (const { start, length, messageText } of parseDiagnostics) lines.push(`${start}+${length} ${with_.flattenDiagnosticMessageText(messageText, ' ')}`);
  return lines.join('\n');
}

function parse(with_: Parser, name: string, text: string): ts.SourceFile {
  return with_.createSourceFile(name, text, { languageVersion: ts.ScriptTarget.ESNext, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }, false);
}

function sources(): [name: string, text: string][] {
  const folders = ['server', 'client', 'test/unit', 'node_modules/vscode-languageserver/lib/common', 'node_modules/mocha/lib'];
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|js|mjs)$/.test(name))
      .map((name): [string, string] => [name, readFileSync(path.join(root, folder, name), 'utf8')]),
  );
}

describe('the parser cut out of typescript', () => {
  it('gives the same trees on whole files', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(100);
    for (const [name, text] of files) expect(print(parser, parse(parser, name, text)), name).toBe(print(ts, parse(ts, name, text)));
  });

  it('gives the same trees and the same messages on broken files', () => {
    for (const [name, text] of sources().slice(0, 60)) {
      for (const part of [
        text.slice(0, text.length / 2),
        text.slice(text.length / 3),
        text.replaceAll('}', ''),
        text.replaceAll(')', '" '),
        text.replaceAll(':', '<'),
      ]) {
        expect(print(parser, parse(parser, name, part)), name).toBe(print(ts, parse(ts, name, part)));
      }
    }
  });

  it('gives the same trees on other kinds of files and rare syntax', () => {
    const texts = {
      'a.tsx': 'const a = <A b={c}>text {...d}<></></A>; function f<T,>(x: T) { return <T,>(y: T) => x satisfies T; }',
      'a.jsx': 'export default <a.b c:d="&amp;">{/* e */}</a.b>',
      'a.json': '{"a": [1, null, true, "\\u0041"], // b\n}',
      'a.d.ts': 'declare module "a" { export = b; } declare global { interface A<in out T> { get b(): T; new (): this } }',
      'a.mts': '@d class A { accessor #b = 1n ** 2n; static { await: using x = y; } } label: for await (const [a, ...b] of c ?? d?.[e]) continue label;',
      'a.js': 'a ||= /[/]\\/(?<n>.)/v; `a${`b${c}`}d`; import.meta; import("a", { with: { type: "json" } }); enum\nA {}',
      'a.ts':
        '/** @type {A} */ abstract class A<const T> { private constructor(readonly a?: T) { super() } } type B = `a${C}` extends infer D extends string ? D[number] : asserts; <<<<<<< x\n',
    };
    for (const [name, text] of Object.entries(texts)) expect(print(parser, parse(parser, name, text)), name).toBe(print(ts, parse(ts, name, text)));
  });

  it('updates a tree after an edit as the whole package does', () => {
    for (const [name, text] of sources().slice(0, 40)) {
      const at = text.indexOf('(', text.length / 2) + 1;
      const changed = `${text.slice(0, at)}x /* new */, ${text.slice(at)}`;
      const update = (with_: Parser) =>
        print(with_, with_.updateSourceFile(parse(with_, name, text), changed, { span: { start: at, length: 0 }, newLength: changed.length - text.length }));
      expect(update(parser), name).toBe(update(ts));
    }
  });
});
