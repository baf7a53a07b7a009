// Lowering of TypeScript's control flow, `this` and functions, printed operation by operation.
import { describe, expect, it } from 'vitest';
import { lowerSound, printed } from './typescript-support';

describe('control flow', () => {
  it('branches on conditions with their sense and with the imports they ask', () => {
    expect(
      printed(`
import { isMainThread } from 'worker_threads';
import cluster from 'node:cluster';
const isWorker = !isMainThread;
if (isMainThread) a(); else b();
if (!isMainThread && state.ready) c();
if (cluster.isPrimary === false) d();
if (state.x == null || typeof state.y === 'undefined') e();
else if (!!state.z) f();
if (state.open && (await g())) h(); else i();
const v = state.p ? state.q : j();
const w = state.r ?? k();
`),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 read import(worker_threads:isMainThread)
        1 assign module:isWorker = ? <- 0
        2 read import(worker_threads:isMainThread)
        branch <- 2
          3 call global:a() dropped
        or
          4 call global:b() dropped
        5 read import(worker_threads:isMainThread)
        branch not <- 5
          6 read global:state.ready
          branch <- 6
            7 call global:c() dropped
          or
        or
        8 read import(cluster:default).isPrimary
        branch not <- 8
          9 call global:d() dropped
        or
        10 read global:state.x
        11 read global:state.y
        branch not <- 10 11
          12 call global:e() dropped
        or
          13 read global:state.z
          branch <- 13
            14 call global:f() dropped
          or
        15 read global:state.open
        branch <- 15
          16 call global:g() awaited
          17 await result(16) <- 16
        or
        branch <- 15 17
          18 call global:h() dropped
        or
          19 call global:i() dropped
        20 read global:state.p
        branch <- 20
          21 read global:state.q
        or
          22 call global:j() used
        23 assign module:v = ? <- 20 21 22
        24 read global:state.r
        branch not <- 24
          25 call global:k() used
        or
        26 assign module:w = ? <- 24 25
      "
    `);
  });

  it('finds the guard of the main module in all its forms', () => {
    const guarded = (condition: string) =>
      /branch main-module.*\n(?: {4}.*\n)* {4,6}\d+ call global:main\(\)/.test(printed(`if (${condition}) { main(); }`, 'a.js'));
    const forms = [
      'require.main === module',
      'module == require.main',
      'import.meta.main',
      '!module.parent',
      'import.meta.url === `file://${process.argv[1]}`',
      'import.meta.url === pathToFileURL(process.argv[1]).href',
      'process.argv[1] === fileURLToPath(import.meta.url)',
      'require.main === module && process.env.RUN',
    ];
    expect(forms.filter((form) => !guarded(form))).toEqual([]);
    expect(['require.main !== module', 'module.parent', 'require.main', 'process.argv.length === 3', 'a === b', 'import.meta.url'].filter(guarded)).toEqual([]);
  });

  it('puts the main module into the first arm whichever way it is asked', () => {
    expect(
      printed('const isMain = require.main === module; if (require.main !== module) { other(); } else { main(); } if (isMain) main();', 'a.js'),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 read global:require.main
        1 assign module:isMain = ? <- 0
        2 read global:require.main
        branch main-module <- 2
          3 call global:main() dropped
        or
          4 call global:other() dropped
        5 read module:isMain
        branch main-module <- 0 5
          6 call global:main() dropped
        or
      "
    `);
  });

  it('lowers loops, with what they evaluate in each round inside', () => {
    expect(
      printed(`
async function f(a) {
  for (let i = a.start; i < a.end; i += a.step) await tick();
  while (a.busy) { if (a.stop) break; await tick(); }
  do { a.n--; } while (a.n);
  for (;;) { outer: for (const k in a.map) { if (k) continue outer; } break; }
  while (true) poll();
  for (const x of [...a.listeners]) x();
  for await (const chunk of a.stream) a.size += chunk.length;
  done: { if (a.x) break done; a.y = 1; }
}
`),
    ).toMatchInlineSnapshot(`
      "function 1 async private function f(a) in 0
        0 read parameter(0).start
        loop
          1 read parameter(0).end
          2 call global:tick() awaited
          3 await result(2) <- 2
          4 read parameter(0).step
        loop
          5 read parameter(0).busy
          6 read parameter(0).stop
          branch <- 6
            7 break
          or
          8 call global:tick() awaited
          9 await result(8) <- 8
        loop
          10 read parameter(0).n
          11 update parameter(0).n = ? <- 10
          12 read parameter(0).n
        loop endless
          13 read parameter(0).map
          loop
            branch <- 13
              14 continue
            or
          15 break
        loop endless
          16 call global:poll() dropped
        17 read parameter(0).listeners
        18 read parameter(0).listeners[*] <- 17
        loop
          19 call parameter(0).listeners[*]() dropped <- 18
        20 read parameter(0).stream
        loop
          21 await parameter(0).stream <- 20
          22 read parameter(0).size
          23 read result(21).length <- 21
          24 update parameter(0).size = ? <- 22 23
        25 read parameter(0).x
        26 assign parameter(0).y = 1
      "
    `);
  });

  it('lowers switch: clauses that fall through, and breaks that leave it', () => {
    expect(
      printed(`
function f(m) {
  for (;;) {
    switch (m.type) {
      case 'a':
      case 'b':
        one();
      case 'c':
        two();
        break;
      case 'd': {
        if (m.skip) { three(); break; }
        four();
        continue;
      }
      case 'e':
        return five();
    }
  }
}
`),
    ).toMatchInlineSnapshot(`
      "function 1 private function f(m) in 0
        loop endless
          0 read parameter(0).type
          branch <- 0
            branch
              1 call global:one() dropped
            or
            2 call global:two() dropped
          or
            3 read parameter(0).skip
            branch <- 3
              4 call global:three() dropped
            or
              5 call global:four() dropped
              6 continue
          or
            7 call global:five() returned
            8 return result(7) <- 7
          or
      "
    `);
  });

  it('lowers try, throw and yield', () => {
    expect(
      printed(`
async function* f(lock) {
  const release = await lock.acquire();
  try { yield* work(); yield 1; } catch ({ code }) { if (code) throw new Error('a'); } finally { release(); }
}
`),
    ).toMatchInlineSnapshot(`
      "function 1 async generator private function f(lock) in 0
        0 call parameter(0).acquire() awaited
        1 await result(0) <- 0
        try
          2 call global:work() used
          3 yield result(2) <- 2
          4 yield 1
        handler
          branch
            5 new global:Error("a") used
            6 raise result(5) <- 5
          or
        finally
          7 call result(1)() dropped <- 1
      "
    `);
  });

  it('runs the rest of a block inside using', () => {
    expect(printed('async function f() { before(); using a = open(); await using b = await lock(a), c = d(); work(b); }')).toMatchInlineSnapshot(`
      "function 1 async private function f() in 0
        0 call global:before() dropped
        1 call global:open() used
        with result(1) <- 1
          2 call global:lock(result(1) <- 1) awaited <- 1
          3 await result(2) <- 2
          async with result(3) <- 3
            4 call global:d() used
            async with result(4) <- 4
              5 call global:work(result(3) <- 3) dropped <- 3
      "
    `);
  });
});

describe('this', () => {
  it('is the instance in methods, arrows and field initialisers, the class in what is static, and unknown in plain functions', () => {
    expect(
      printed(`
class A {
  static made = new Map();
  static { this.made.set(1, 2); }
  static make() { return this.made; }
  own = this.init();
  onMessage = (m) => { this.last = m; };
  f() { list.forEach((x) => this.add(x)); list.forEach(function (x) { this.add(x); }); }
}
A.made.clear();
`),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 new global:Map() used
        1 assign class(0).made = result(0) <- 0
        2 read class(0).made
        3 call class(0).made.set(1, 2) dropped <- 2
        4 read class(0).made
        5 call class(0).made.clear() dropped <- 4
      function 1 constructor A.constructor() class 0 in 0
        0 call receiver(0).init() used
        1 assign receiver(0).own = result(0) <- 0
        2 assign receiver(0).onMessage = function 3
      function 2 static-method A.make() class 0 in 0
        0 read class(0).made
        1 return class(0).made <- 0
      function 3 method A.onMessage(m) class 0 in 0
        0 assign receiver(0).last = parameter(0)
      function 4 method A.f() class 0 in 0
        0 call global:list.forEach(function 5) dropped
        1 call global:list.forEach(function 6) dropped
      function 5 private lambda A.f.lambda-1(x) class 0 in 4
        0 call receiver(0).add(parameter(0)) returned
        1 return result(0) <- 0
      function 6 private lambda A.f.lambda-2(x) class 0 in 4
        0 call unknown.add(parameter(0)) dropped
      "
    `);
  });

  it('is the object in the methods of an object that has a name', () => {
    expect(
      printed(`
export const state = { count: 0, add() { this.count++; }, run: function () { return this.count; }, go: async () => state.count };
function make() { const local = { n: 0, next() { return ++this.n; } }; return local; }
`),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 assign module:state = object[0, function 1, function 2, function 3]
        1 assign module:state.count = 0
        2 assign module:state.add = function 1
        3 assign module:state.run = function 2
        4 assign module:state.go = function 3
      function 1 function state.add() in 0
        0 read module:state.count
        1 update module:state.count = ? <- 0
      function 2 function state.run() in 0
        0 read module:state.count
        1 return module:state.count <- 0
      function 3 async function state.go() in 0
        0 read module:state.count
        1 return module:state.count <- 0
      function 4 private function make() in 0
        0 assign variable(4:local) = object[0, function 5]
        1 assign variable(4:local).n = 0
        2 assign variable(4:local).next = function 5
        3 read variable(4:local)
        4 return variable(4:local) <- 3
      function 5 private function make.local.next() in 4
        0 read variable(4:local).n
        1 update variable(4:local).n = ? <- 0
        2 return ? <- 0
      "
    `);
  });
});

describe('functions', () => {
  it('lists parameters, their defaults and their types', () => {
    expect(
      printed(`
import type { Redis } from 'ioredis';
import * as net from 'net';
type Client = Redis | undefined;
interface Options { a: number }
class Job<T> {}
export async function f<T>(a: Client, b: Map<string, Job<T>> | null, c: Job<string>[], d: net.Socket, e: Options, g: T, h = 3, i = new Map(), ...rest: Promise<Job<T>>[]): Promise<Redis> { return a; }
`),
    ).toMatchInlineSnapshot(`
      "function 1 async function f(a: import(ioredis:Redis), b: global:Map<unknown, module:Job>, c: global:Array<module:Job>, d: import(net).Socket, e: module:Options, g, h = 3, i = ?, *rest: global:Array<global:Promise<module:Job>>): global:Promise<import(ioredis:Redis)> in 0
        branch
          0 new global:Map() used
        or
        1 return parameter(0)
      "
    `);
  });

  it('says what is private, and names functions after what they are assigned to', () => {
    const module = lowerSound(`
export const run = () => {};
const helper = function () {};
function inner() { return () => {}; }
class A { #secret() {} _hidden() {} private p() {} protected q() {} open() {} get size() { return 1; } set size(v) {} }
export { inner as outer };
export default { fetch() {}, scheduled: async () => {} };
handlers.start = function () {};
list.map((x) => x);
`);
    expect(
      module.functions.slice(1).map(({ qualifiedName, kind, isPrivate }) => `${isPrivate ? 'private ' : ''}${kind} ${qualifiedName}`),
    ).toMatchInlineSnapshot(`
      [
        "function run",
        "private function helper",
        "function inner",
        "private lambda inner.lambda-1",
        "private method A.#secret",
        "private method A._hidden",
        "private method A.p",
        "private method A.q",
        "method A.open",
        "property A.size",
        "property A.size=",
        "function default.fetch",
        "function default.scheduled",
        "private function start",
        "private lambda lambda-1",
      ]
    `);
  });

  it('numbers functions and classes by where they begin', () => {
    const module = lowerSound(
      'const f = () => { class A { x = () => 1; constructor() { g(() => 2); } y() {} } }; class B { z = 1; } function g(c) { return c; }',
    );
    const starts = module.functions.map(({ span }) => span.start);
    expect([...starts].sort((a, b) => a - b)).toEqual(starts);
    expect(module.classes.map(({ name }) => name)).toEqual(['A', 'B']);
  });

  it('applies decorators', () => {
    expect(printed('@Injectable() class A { @Cron("* *") @logged async tick() {} @Input() name = 1; }')).toMatchInlineSnapshot(`
      "function 0 module module()
        0 call global:Injectable() used
        1 call global:Cron("* *") used
        2 decorator result(1)(function 2) used <- 1
        3 decorator global:logged(function 2) used
        4 call global:Input() used
        5 decorator result(0)(class 0) used <- 0
      function 1 constructor A.constructor() class 0 in 0
        0 assign receiver(0).name = 1
      function 2 async method A.tick() class 0 in 0 @result(1) @global:logged
      "
    `);
  });
});
