// Python syntax: the flat tree is the parser's tree, offsets are UTF-16, trees are reparsed from edits and given back.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tree, TreeCursor } from 'web-tree-sitter';
import { type FlatTree, Flattener } from '../../server/syntax/python/flat-tree';
import { Field, Kind, type KindTables, kindTables } from '../../server/syntax/python/kinds';
import { NameTable } from '../../server/syntax/python/name-table';
import { LONGEST_TEXT, PythonSyntax } from '../../server/syntax/python/python-syntax';
import { loadRuntime, type PythonRuntime } from '../../server/syntax/python/runtime';
import { pythonWasm, standardLibraryFiles } from './python-support';

let runtime: PythonRuntime;
let tables: KindTables;

beforeAll(async () => {
  runtime = await loadRuntime(pythonWasm());
  tables = kindTables(runtime.language);
});

/** Every syntax that the grammar knows, and what makes offsets go wrong. */
const SAMPLE = `# comment 😀
@dec(1)
async def f(a, /, b: int = 1, *args, c=2, **kw) -> "X":
    async with a as b, c: x[1:2, ...] += yield
    return [i async for i in b if not i], {**kw}, {1: 2}, f"a{b!r:>{c}}😀{c=}" f'x', lambda *a: -a if a else (b := 1)
class C(Base, metaclass=M):
    match x:
        case {"k": [a, *_], **r} | P(x=1) as z if z: pass
    try: del a.b, c[0]
    except* E as e: raise e from None
    else: global g
    finally: assert a < b is not c not in d, "m"
from ..a.b import (c as d, e)
import x.y as z, w
type A[T] = int | None
"""s\\
é"""; 'é' "\\n"
while 1: break
`;

/** The tree as the library's cursor shows it, without what the flat tree leaves out. */
function byCursor(tree: Tree, text: string): number[][] {
  const rows: number[][] = [];
  const cursor = tree.walk();
  const visit = (at: TreeCursor, parent: number): void => {
    const kind = tables.kinds[at.nodeTypeId];
    if (kind === Kind.dropped || kind === Kind.comment) return;
    const index = rows.length;
    const row = [kind, tables.fields[at.currentFieldId], at.startIndex, at.endIndex, parent, 0];
    rows.push(row);
    const isPlainString = kind === Kind.string && !/^[a-z]*[ft]/i.test(text.slice(at.startIndex, at.startIndex + 2));
    if (tables.leaves[at.nodeTypeId] === 0 && !isPlainString && at.gotoFirstChild()) {
      do visit(at, index);
      while (at.gotoNextSibling());
      at.gotoParent();
    }
    row[5] = rows.length;
  };
  visit(cursor, -1);
  cursor.delete();
  return rows;
}

function rowsOf(flat: FlatTree): number[][] {
  return Array.from({ length: flat.count }, (_, i) => [flat.kind[i], flat.field[i], flat.start[i], flat.end[i], flat.parent[i], flat.next[i]]);
}

describe('the flat tree', () => {
  it('is the tree that a TreeCursor walks, on real files and on a sample of all syntax', () => {
    const flattener = new Flattener(runtime.functions, tables);
    const parser = runtime.createParser();
    const texts = [SAMPLE, SAMPLE.replaceAll('\n', '\r\n'), ...standardLibraryFiles(30).map((file) => readFileSync(file, 'utf8'))];
    for (const text of texts) {
      const tree = parser.parse(text)!;
      expect(rowsOf(flattener.flatten(tree, text))).toEqual(byCursor(tree, text));
      tree.delete();
    }
    parser.delete();
  });

  it('knows every kind and field by name', () => {
    const names = runtime.language.types.filter((name, symbol) => name && runtime.language.nodeTypeIsNamed(symbol) && tables.kinds[symbol] === Kind.other);
    // Named kinds whose inside is all that matters; a new one in the grammar has to be looked at.
    expect([...new Set(names)].sort()).toEqual(['escape_interpolation', 'escape_sequence', 'parenthesized_list_splat']);
    const known = new Set<number>(runtime.language.fields.map((_, id) => tables.fields[id]));
    expect(Object.entries(Field).filter(([, field]) => !known.has(field))).toEqual([]);
    const kinds = new Set<number>(tables.kinds);
    expect(Object.entries(Kind).filter(([, kind]) => kind !== Kind.other && !kinds.has(kind))).toEqual([]);
  });

  it('collects comments', () => {
    const { tree } = parse('x = [ # one\n]\n# two');
    expect(tree!.comments).toEqual([6, 11, 14, 19]);
  });
});

function parse(text: string, syntax = new PythonSyntax(runtime)) {
  return syntax.parse('a.py', text, false);
}

/** The texts of all identifiers. */
function identifiers(text: string, parsed = parse(text)): string[] {
  const { tree } = parsed;
  return rowsOf(tree!)
    .filter(([kind]) => kind === Kind.identifier)
    .map(([, , start, end]) => text.slice(start, end));
}

describe('offsets', () => {
  it('are UTF-16 behind emoji, accents, a byte order mark and CRLF', () => {
    expect(identifiers('"😀😀"; alpha\r\n# é😀\r\nbeta = "\u{1F600}" + gamma')).toEqual(['alpha', 'beta', 'gamma']);
    expect(identifiers('\ufeffalpha = beta')).toEqual(['alpha', 'beta']);
    expect(identifiers('𝐱 = é + 变量')).toEqual(['𝐱', 'é', '变量']);
  });

  it('are right where the input buffer ends inside an emoji', () => {
    for (let padding = 5_110; padding <= 5_122; padding++) expect(identifiers(`x = "${'a'.repeat(padding - 5)}😀😀"; omega`)).toEqual(['x', 'omega']);
  });
});

describe('edits', () => {
  it('give the tree of a parse from scratch', () => {
    const syntax = new PythonSyntax(runtime);
    let text = `${SAMPLE}\r\n`.repeat(3);
    syntax.parse('a.py', text, true);
    for (const [from, to, by] of [
      [20, 20, 'y'],
      [300, 340, ''],
      [150, 151, '(😀'],
      [150, 153, ''],
      [700, 700, '\n\n  '],
      [0, 10, ''],
      [900, 900, '"""'],
      [900, 903, ''],
    ] as const) {
      text = text.slice(0, from) + by + text.slice(to);
      const edited = rowsOf(syntax.parse('a.py', text, true).tree!);
      expect(edited).toEqual(rowsOf(parse(text).tree!));
    }
    syntax.dispose();
  });

  it('keep one tree a file, given back when the file is forgotten or no longer edited', () => {
    const syntax = new PythonSyntax(runtime);
    const kept = () => (syntax as unknown as { kept: Map<string, unknown> }).kept.size;
    syntax.parse('a.py', 'x = 1', true);
    syntax.parse('a.py', 'x = 12', true);
    syntax.parse('b.py', 'x = 1', true);
    expect(kept()).toBe(2);
    syntax.parse('b.py', 'x = 1', false);
    expect(kept()).toBe(1);
    syntax.forget('a.py');
    expect(kept()).toBe(0);
    syntax.dispose();
  });

  it('keep no more source than the budget allows', () => {
    const syntax = new PythonSyntax(runtime, 100);
    const kept = () => [...(syntax as unknown as { kept: Map<string, unknown> }).kept.keys()];
    for (const file of ['a', 'b', 'c']) syntax.parse(file, 'x = 1\n'.repeat(7), true);
    expect(kept()).toEqual(['b', 'c']);
    syntax.parse('b', 'x = 2\n'.repeat(8), true);
    syntax.parse('d', 'x = 1\n'.repeat(7), true);
    expect(kept()).toEqual(['b', 'd']);
    syntax.parse('d', 'x = 1\n'.repeat(9), true);
    expect(kept()).toEqual(['b']);
    syntax.dispose();
  });

  it('leave the memory as it is over many parses', () => {
    const syntax = new PythonSyntax(runtime);
    for (let i = 0; i < 20; i++) syntax.parse('a.py', SAMPLE.repeat(20) + i, true);
    const before = syntax.memoryBytes;
    for (let i = 0; i < 400; i++) syntax.parse('a.py', SAMPLE.repeat(20) + i, true);
    expect(syntax.memoryBytes).toBe(before);
    syntax.dispose();
  });
});

describe('problems', () => {
  const messages = (text: string) => parse(text).problems.map((problem) => problem.message);

  it('tell what could not be read and what is missing', () => {
    expect(messages('x = 1')).toEqual([]);
    expect(messages('x = $')).toEqual(['Syntax error: this could not be read']);
    expect(messages('def f(:\n  pass')[0]).toMatch(/^Syntax error/);
    expect(messages('x = foo.\n')[0]).toMatch(/^Syntax error/);
  });

  it('are at most twenty a file, in order and inside the text', () => {
    const { problems } = parse('x = $ $\ny = 1\n'.repeat(100));
    expect(problems.length).toBe(20);
    expect(problems.map(({ span }) => span.start)).toEqual(problems.map(({ span }) => span.start).sort((a, b) => a - b));
  });

  it('refuse binary and overlong texts', () => {
    expect(messages('x = 1\0')).toEqual(['Not analysed: a binary file (it has NUL characters)']);
    expect(messages(`x = "${'a'.repeat(LONGEST_TEXT)}"`)).toEqual(['Not analysed: longer than 5 million characters']);
    expect(parse('\0').tree).toBeUndefined();
  });

  it('do not come from a parser that fails: it is replaced', () => {
    const syntax = new PythonSyntax(runtime);
    const inner = syntax as unknown as { parser: { parse: () => never; delete: () => void } };
    const { parser } = inner;
    inner.parser = {
      parse: () => {
        throw new Error('boom');
      },
      delete: () => parser.delete(),
    };
    expect(syntax.parse('a.py', 'x', true).problems[0].message).toBe('The parser failed: boom');
    expect(identifiers('x', syntax.parse('a.py', 'x', true))).toEqual(['x']);
    syntax.dispose();
  });
});

describe('the name table', () => {
  it('gives one string a spelling, also after it has grown', () => {
    const names = new NameTable();
    const text = Array.from({ length: 30_000 }, (_, i) => `name${i}`).join(' ');
    for (let round = 0; round < 2; round++) {
      let start = 0;
      for (const word of text.split(' ')) {
        if (names.intern(text, start, start + word.length) !== word) throw new Error(word);
        start += word.length + 1;
      }
    }
    expect(names.intern('xselfx', 1, 5)).toBe('self');
    expect(names.intern('', 0, 0)).toBe('');
  });
});
