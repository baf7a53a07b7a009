// What a TypeScript or JavaScript file offers and holds: bindings, exports, classes, comments.
import { describe, expect, it } from 'vitest';
import { lowerSound, printed, printedHead } from './typescript-support';

describe('imports', () => {
  it('binds all forms, without the prefix of built-in modules', () => {
    expect(
      printedHead(`
import a from 'a';
import * as b from 'node:b';
import c, { d, e as f, type g } from './c.js';
import type { h } from './h';
import i = require('i');
import './side-effect';
`),
    ).toMatchInlineSnapshot(`
      "  a = import "a" default
        b = import "b"
        c = import "./c.js" default
        d = import "./c.js" d
        f = import "./c.js" e
        g = import "./c.js" g
        h = import "./h" h
        i = import "i"
      "
    `);
  });

  it('takes require for an import, also in patterns and behind a property, unless the name is assigned again', () => {
    expect(
      printedHead(
        `
const a = require('a');
const { b, c: d, e = 1 } = require('node:b');
const f = require('f').g;
const h_1 = __importStar(require('h'));
let i = require('i');
i = wrap(i);
let { j } = require('j');
`,
        'a.js',
      ),
    ).toMatchInlineSnapshot(`
      "  a = import "a"
        b = import "b" b
        d = import "b" c
        e = variable import(b).e
        f = import "f" g
        h_1 = import "h"
        i = variable import(i) | result(4)
        j = import "j" j
      "
    `);
  });
});

describe('exports', () => {
  it('lists those of ECMAScript and TypeScript', () => {
    expect(
      printedHead(`
export const a = 1, { b, c: [d] } = e;
export function f() {}
export default class G {}
export { a as h, f as default };
export { i, j as k } from './i';
export * from './l';
export * as m from './m';
export type { N } from './n';
export enum O { A }
export namespace P { export function q() {} }
declare const r: number;
export interface S {}
`),
    ).toMatchInlineSnapshot(`
      "  G = class 0
        O = variable
        P = variable
        a = variable 1
        b = variable global:e.b
        d = variable global:e.c[*]
        f = function 1
        export a = a
        export b = b
        export d = d
        export f = f
        export default = G
        export h = a
        export default = f
        export i from "./i" as i
        export k from "./i" as j
        export * from "./l"
        export m from "./m"
        export O = O
        export P = P
      class 0 G()
      "
    `);
  });

  it('gives what has no name a name of its own', () => {
    expect(printedHead('export default async () => {};')).toMatchInlineSnapshot(`
      "  default = function 1
        export default = default
      "
    `);
    expect(printedHead('export default new Map();')).toMatchInlineSnapshot(`
      "  default = variable result(0)
        export default = default
      "
    `);
    expect(printedHead('class A {} export = A;')).toMatchInlineSnapshot(`
      "  A = class 0
        export export= = A
        export default = A
      class 0 A()
      "
    `);
  });

  it('lists those of CommonJS, as written and as compilers write them', () => {
    expect(
      printedHead(
        `
exports.b = exports.a = void 0;
exports.a = a;
exports.b = function () {};
module.exports.c = class {};
exports.d = require('./d').x;
exports.e = new Map();
__exportStar(require('./f'), exports);
tslib_1.__exportStar(require('./g'), exports);
function a() {}
`,
        'a.js',
      ),
    ).toMatchInlineSnapshot(`
      "  a = function 2
        exports.b = function 1
        exports.c = class 0
        exports.e = variable result(1)
        export a = a
        export b = exports.b
        export c = exports.c
        export d from "./d" as x
        export e = exports.e
        export * from "./f"
        export * from "./g"
      class 0 c()
      "
    `);
    expect(
      printedHead(
        `
module.exports = { a, b: () => {}, c() {}, d: new Map(), e: require('./e'), ...require('./f') };
function a() {}
`,
        'a.js',
      ),
    ).toMatchInlineSnapshot(`
      "  a = function 3
        exports.b = function 1
        exports.c = function 2
        exports.d = variable result(0)
        export a = a
        export b = exports.b
        export c = exports.c
        export d = exports.d
        export e from "./e"
        export * from "./f"
      "
    `);
    expect(printedHead('class Pool {} module.exports = Pool;', 'a.js')).toMatchInlineSnapshot(`
      "  Pool = class 0
        export export= = Pool
        export default = Pool
      class 0 Pool()
      "
    `);
    expect(printedHead("module.exports = require('./lib');", 'a.js')).toMatchInlineSnapshot(`
      "  export * from "./lib"
      "
    `);
  });

  it('knows what a file exports when the file itself uses it', () => {
    expect(
      printed('exports.run = run; exports.cache = new Map(); function run() { exports.cache.set(1, 2); (0, exports.run)(); module.exports.run(); }', 'a.js'),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 new global:Map() used
        1 assign module:exports.cache = result(0) <- 0
      function 1 function run() in 0
        0 read module:exports.cache
        1 call module:exports.cache.set(1, 2) dropped <- 0
        2 call module:run() dropped
        3 call module:run() dropped
      "
    `);
  });

  it('lets out the functions behind exported names only', () => {
    const names = (text: string) =>
      lowerSound(text, 'a.js')
        .functions.slice(1)
        .filter(({ isPrivate }) => !isPrivate)
        .map(({ qualifiedName }) => qualifiedName);
    expect(names('function a() {} function b() {} module.exports = { a, c: () => {} }; exports.d = function () {};')).toEqual(['a', 'c', 'd']);
    expect(names('const a = () => {}; export const b = () => () => {}; export { a as x };')).toEqual(['a', 'b']);
  });
});

describe('bindings', () => {
  it('collects what variables are ever bound to', () => {
    expect(
      printedHead(`
let a;
let b: Map<string, B> | undefined = undefined;
var c = 1, c = 'x';
function d() { b = new Map(); a = c; a = d; }
d = other;
const e = () => {}, f = class {}, g = [1, e];
enum H { A }
class B {}
{ let hidden = 1; var visible = 2; }
`),
    ).toMatchInlineSnapshot(`
      "  B = class 1
        H = variable
        a = variable null | module:c | module:d
        b = variable: global:Map<unknown, module:B> null
        c = variable 1 | "x"
        d = variable function 1 | global:other
        e = function 2
        f = class 0
        g = variable array[1, module:e]
        visible = variable 2
      class 0 f()
      class 1 B()
      "
    `);
  });

  it('keeps names apart that look like parts of objects', () => {
    const { bindings } = lowerSound(
      'const toString = 1; function constructor() {} const hasOwnProperty = {}; let __proto__ = 2; class valueOf { constructor() {} toString() {} }',
    );
    expect(Object.keys(bindings).sort()).toEqual(['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf']);
  });

  it('leaves out what is only declared', () => {
    expect(
      printedHead(
        'declare const a: number; declare function b(): void; declare class C { d(): void } declare module "x" { const y: 1; } function e(): void; function e(x?: number) {} type F = 1; abstract class G { abstract h(): void; i?(): void }',
      ),
    ).toMatchInlineSnapshot(`
      "  G = class 0
        e = function 1
      class 0 G()
      "
    `);
  });
});

describe('classes', () => {
  it('lists fields, methods, accessors and bases', () => {
    expect(
      printedHead(`
import { EventEmitter } from 'events';
export class Pool<T> extends EventEmitter implements Closable {
  static readonly shared: Pool<string> = new Pool();
  static count = 0;
  #lock = new Mutex();
  declare ambient: number;
  workers: Worker[] = [];
  'quoted name' = 1;
  [computed()] = 2;
  onDone = () => {};
  constructor(private readonly size: number, public name: string, plain: number) { super(); }
  get idle() { return 1; }
  set idle(v) {}
  static create() {}
  async #run() {}
  over(a: string): void;
  over(a: any) {}
}
const Made = class Inner extends mixin(Pool) { f() { return Inner; } };
`),
    ).toMatchInlineSnapshot(`
      "  EventEmitter = import "events" EventEmitter
        Made = class 1
        Pool = class 0
        export Pool = Pool
      class 0 Pool(import(events:EventEmitter))
        shared field shared: module:Pool
        shared field count = 0
        field #lock
        field ambient
        field workers: global:Array<global:Worker>
        field quoted name
        field onDone = function 1
        field size
        field name
        method #run = function 6
        method constructor = function 2
        method create = function 5
        method idle = function 3
        method idle= = function 4
        method onDone = function 1
        method over = function 7
      class 1 Inner(result(4))
        method f = function 8
      "
    `);
  });

  it('has a constructor made up only for fields that need one', () => {
    const kinds = (text: string) => lowerSound(text).functions.map(({ kind }) => kind);
    expect(kinds('class A { a; static b = 1; c() {} }')).toEqual(['module', 'method']);
    expect(kinds('class A { a = 1; c() {} }')).toEqual(['module', 'constructor', 'method']);
    expect(kinds('class A { a = 1; c() {} constructor() {} }')).toEqual(['module', 'method', 'constructor']);
  });

  it('initialises fields in the scope around the class, not in that of the constructor', () => {
    expect(printed('function f(size) { return class { n = size; constructor(size) { use(size); } }; }')).toMatchInlineSnapshot(`
      "function 1 private function f(size) in 0
        0 return class 0
      function 2 constructor f.class.constructor(size) class 0 in 1
        0 read variable(1:size)
        1 assign receiver(0).n = variable(1:size) <- 0
        2 call global:use(parameter(0)) dropped
      "
    `);
  });
});

describe('comments', () => {
  const comments = (text: string, file?: string) => {
    const { comments: offsets } = lowerSound(text, file);
    return offsets.flatMap((start, index) => (index % 2 === 0 ? [text.slice(start, offsets[index + 1])] : []));
  };

  it('finds them everywhere', () => {
    expect(comments('#!/usr/bin/env node // no\n// a\r\nf(/* b */ x, /** c\n */); { /* d */ } // e')).toEqual([
      '// a',
      '/* b */',
      '/** c\n */',
      '/* d */',
      '// e',
    ]);
    expect(comments('type A = /* a */ "b//c" | `d/*e`; // f')).toEqual(['/* a */', '// f']);
    expect(comments('/* never closed')).toEqual(['/* never closed']);
  });

  it('is not deceived by strings, templates, regular expressions and JSX', () => {
    expect(comments('const a = \'http://x\', b = "/* */"; // c')).toEqual(['// c']);
    expect(comments('const a = `//${b /* c */}/* ${`//`}` // d')).toEqual(['/* c */', '// d']);
    expect(comments('const a = /[/*]\\/\\//g, b = c / d; // e\nf = g / 2 // h')).toEqual(['// e', '// h']);
    expect(comments("const a = <p b='//'>don't // this {/* c */} http://d</p>; // e", 'a.tsx')).toEqual(['/* c */', '// e']);
  });
});
