// Lowering of TypeScript and JavaScript: what small texts become, printed operation by operation.
import { describe, expect, it } from 'vitest';
import { printed } from './typescript-support';

describe('places', () => {
  it('reads whole paths once, writes, deletes, and takes constant keys for names', () => {
    expect(
      printed(`
class Box {
  f(k: string, v: number) {
    this.items[k] = v;
    this.items['a'].total += 1;
    this.items[k]!.count++;
    delete this.items[this.key];
    (this as any).a?.b.c.run();
    return [this.a.b.c, this.items?.[k], v];
  }
}
`),
    ).toMatchInlineSnapshot(`
      "function 1 method Box.f(k, v) class 0 in 0
        0 assign receiver(0).items[*] at parameter(0) = parameter(1)
        1 read receiver(0).items.a.total
        2 update receiver(0).items.a.total = ? <- 1
        3 read receiver(0).items[*].count
        4 update receiver(0).items[*].count = ? <- 3
        5 read receiver(0).key
        6 delete receiver(0).items[*] at receiver(0).key
        7 read receiver(0).a.b.c
        8 call receiver(0).a.b.c.run() dropped optional <- 7
        9 read receiver(0).a.b.c
        10 read receiver(0).items[*] at parameter(0)
        11 return array[receiver(0).a.b.c, receiver(0).items[*], parameter(1)] <- 9 10
      "
    `);
  });

  it('does not read the name of a callee, only the object of a method', () => {
    expect(
      printed(`
import fs, { join } from 'node:fs';
const cache = new Map();
function f(p) {
  p.items.push(p.x);
  p.run();
  cache.set('a', 1);
  console.log(process.env.HOME, Math.PI);
  navigator.locks.request('a', f);
  fs.promises.readFile(join('a'));
  handlers[p.kind](p);
  [].concat(p);
  'a'.repeat(3);
  f();
  (0, p.call)();
}
`),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 new global:Map() used
        1 assign module:cache = result(0) <- 0
      function 1 private function f(p) in 0
        0 read parameter(0).items
        1 read parameter(0).x
        2 call parameter(0).items.push(parameter(0).x <- 1) dropped <- 0 1
        3 call parameter(0).run() dropped
        4 read module:cache
        5 call module:cache.set("a", 1) dropped <- 4
        6 read global:process.env.HOME
        7 call global:console.log(global:process.env.HOME <- 6, global:Math.PI) dropped <- 6
        8 call global:navigator.locks.request("a", module:f) dropped
        9 read import(fs:default).promises
        10 call import(fs:join)("a") used
        11 call import(fs:default).promises.readFile(result(10) <- 10) dropped <- 9 10
        12 read parameter(0).kind
        13 call global:handlers[*](parameter(0)) dropped <- 12
        14 call unknown.concat(parameter(0)) dropped
        15 call unknown.repeat(3) dropped
        16 call module:f() dropped
        17 call parameter(0).call() dropped
      "
    `);
  });

  it('follows local variables that no inner function captures', () => {
    expect(
      printed(`
class A {
  async f(other) {
    const items = this.items;
    let before = this.total;
    before += await other.load(items.length);
    if (before > 3) other = this.peer;
    this.total = before;
    other.total = 1;
    const made = new B();
    made.x = other;
    return made.run(items[0]);
  }
}
`),
    ).toMatchInlineSnapshot(`
      "function 1 async method A.f(other) class 0 in 0
        0 read receiver(0).items
        1 read receiver(0).total
        2 read receiver(0).items.length <- 0
        3 call parameter(0).load(receiver(0).items.length <- 2) awaited <- 2
        4 await result(3) <- 3
        branch <- 1 4
          5 read receiver(0).peer
        or
        6 assign receiver(0).total = ? <- 1 4
        7 new global:B() used
        8 assign result(7).x = ? <- 5
        9 read receiver(0).items[*] at 0 <- 0
        10 call result(7).run(receiver(0).items[*] <- 9) returned <- 7 9
        11 return result(10) <- 10
      "
    `);
  });

  it('gives captured variables a root of their own, in all functions that use them', () => {
    expect(
      printed(`
function make(start: number, fixed: number) {
  let count = start;
  const { limit } = options();
  for (const item of list) later(() => item + fixed);
  { const inner = 1; later(() => inner); }
  { const inner = 2; use(inner); }
  const add = () => { count += 1; return limit; };
  function reset() { count = 0; add(); }
  return { add, reset, count };
}
`),
    ).toMatchInlineSnapshot(`
      "function 1 private function make(start, fixed) in 0
        0 assign variable(1:count) = parameter(0)
        1 call global:options() used
        2 read result(1).limit <- 1
        3 assign variable(1:limit) = result(1).limit <- 2
        loop
          4 read global:list[*]
          5 assign variable(1:item) = global:list[*] <- 4
          6 call global:later(function 2) dropped
        7 assign variable(1:inner) = 1
        8 call global:later(function 3) dropped
        9 call global:use(2) dropped
        10 read variable(1:count)
        11 return object[function 4, function 5, variable(1:count)] <- 10
      function 2 private lambda make.lambda-1() in 1
        0 read variable(1:item)
        1 read variable(1:fixed)
        2 return ? <- 0 1
      function 3 private lambda make.lambda-2() in 1
        0 read variable(1:inner)
        1 return variable(1:inner) <- 0
      function 4 private function make.add() in 1
        0 read variable(1:count)
        1 update variable(1:count) = ? <- 0
        2 read variable(1:limit)
        3 return variable(1:limit) <- 2
      function 5 private function make.reset() in 1
        0 assign variable(1:count) = 0
        1 call function 4() dropped
      "
    `);
  });

  it('knows import.meta and the names of CommonJS as globals', () => {
    expect(
      printed('new Worker(new URL("./w.js", import.meta.url)); use(__filename, import.meta.dirname, process.argv[2]); undefinedName = NaN;'),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 new global:URL("./w.js", global:import.meta.url) used
        1 new global:Worker(result(0) <- 0) dropped <- 0
        2 read global:process.argv.2
        3 call global:use(global:__filename, global:__dirname, global:process.argv.2 <- 2) dropped <- 2
        4 assign global:undefinedName = ?
      "
    `);
  });
});

describe('assignments', () => {
  it('reads before it evaluates the other side, then writes', () => {
    expect(
      printed(`
class A {
  async f() {
    this.total += await this.load();
    this.total = this.total + (await this.load());
    this.conn ??= await connect();
    this.ready ||= this.check();
    this.open &&= false;
    ++this.n;
    const m = (this.cache ??= new Map());
    m.set(1, 2);
  }
}
let total = 0;
export function add() { total++; total -= 2; counter.value *= 2; }
`),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 assign module:total = 0
      function 1 async method A.f() class 0 in 0
        0 read receiver(0).total
        1 call receiver(0).load() awaited
        2 await result(1) <- 1
        3 update receiver(0).total = ? <- 0 2
        4 read receiver(0).total
        5 call receiver(0).load() awaited
        6 await result(5) <- 5
        7 assign receiver(0).total = ? <- 4 6
        8 read receiver(0).conn
        branch not <- 8
          9 call global:connect() awaited
          10 await result(9) <- 9
          11 update receiver(0).conn = result(10) <- 8 10
        or
        12 read receiver(0).ready
        branch not <- 12
          13 call receiver(0).check() used
          14 update receiver(0).ready = result(13) <- 12 13
        or
        15 read receiver(0).open
        branch <- 15
          16 update receiver(0).open = false <- 15
        or
        17 read receiver(0).n
        18 update receiver(0).n = ? <- 17
        19 read receiver(0).cache
        branch not <- 19
          20 new global:Map() used
          21 update receiver(0).cache = result(20) <- 19 20
        or
        22 call receiver(0).cache.set(1, 2) dropped <- 19 20
      function 2 function add() in 0
        0 read module:total
        1 update module:total = ? <- 0
        2 read module:total
        3 update module:total = ? <- 2
        4 read global:counter.value
        5 update global:counter.value = ? <- 4
      "
    `);
  });

  it('takes patterns apart', () => {
    expect(
      printed(`
function f({ a, b: { c = make() }, ...rest }, [x, , y]) {
  const { state: { count }, size } = this_.store;
  const [first, second = fallback(), ...others] = a.list;
  [a.left, a.right] = [a.right, a.left];
  ({ x, y: a.y, [key()]: a.z = 3 } = c);
  for (const [k, { v }] of a.entries) use(k, v, rest, others);
  return [x, y, first, second, count, size];
}
`),
    ).toMatchInlineSnapshot(`
      "function 1 private function f({ a, b: { c = make() }, ...rest }, [x, , y]) in 0
        0 read parameter(0).a
        1 read parameter(0).b.c
        branch not <- 1
          2 call global:make() used
        or
        3 read parameter(1)[*]
        4 read parameter(1)[*]
        5 read global:this_.store.state.count
        6 read global:this_.store.size
        7 read parameter(0).a.list <- 0
        8 read parameter(0).a.list[*] <- 7
        9 read parameter(0).a.list[*] <- 7
        branch not <- 9
          10 call global:fallback() used
        or
        11 read parameter(0).a.list[*] <- 7
        12 read parameter(0).a.right <- 0
        13 read parameter(0).a.left <- 0
        14 assign parameter(0).a.left = parameter(0).a.right <- 12 13
        15 assign parameter(0).a.right = parameter(0).a.left <- 12 13
        16 assign parameter(0).a.y = ? <- 1 2
        17 call global:key() used
        18 assign parameter(0).a.z = ? <- 1 2
        19 read parameter(0).a.entries <- 0
        loop
          20 read parameter(0).a.entries[*] <- 19
          21 read parameter(0).a.entries[*][*] <- 20
          22 read parameter(0).a.entries[*][*].v <- 20
          23 call global:use(parameter(0).a.entries[*][*] <- 21, parameter(0).a.entries[*][*].v <- 22, ?, ? <- 11) dropped <- 11 21 22
        24 return array[?, parameter(1)[*], parameter(0).a.list[*], ?, global:this_.store.state.count, global:this_.store.size] <- 1 2 4 5 6 8 9 10
      "
    `);
  });
});

describe('calls', () => {
  it('tells what becomes of the outcome', () => {
    expect(
      printed(`
async function f() {
  a();
  void b();
  await c();
  await (d() as Promise<void>)!;
  const x = e();
  if (x) return g();
  x ? h() : await i();
  x && j();
  k?.();
  return await l();
}
const m = () => n();
const o = async () => { for await (const x of p()) q(x).catch(m); };
`),
    ).toMatchInlineSnapshot(`
      "function 1 async private function f() in 0
        0 call global:a() dropped
        1 call global:b() used
        2 call global:c() awaited
        3 await result(2) <- 2
        4 call global:d() awaited
        5 await result(4) <- 4
        6 call global:e() used
        branch <- 6
          7 call global:g() returned
          8 return result(7) <- 7
        or
        branch <- 6
          9 call global:h() dropped
        or
          10 call global:i() awaited
          11 await result(10) <- 10
        branch <- 6
          12 call global:j() dropped
        or
        13 call global:k() dropped optional
        14 call global:l() awaited
        15 await result(14) <- 14
        16 return result(15) <- 15
      function 2 private function m() in 0
        0 call global:n() returned
        1 return result(0) <- 0
      function 3 async private function o() in 0
        0 call global:p() used
        loop
          1 await result(0) <- 0
          2 call global:q(result(1) <- 1) used <- 1
          3 call result(2).catch(module:m) dropped <- 2
      "
    `);
  });

  it('names the properties of options, spreads, and calls what stands before a template', () => {
    expect(
      printed(
        'new Worker(file, { workerData: { port }, eval: true, ...more, run() {} }, ...rest); sql`select ${id} from ${this}`; emit({ type: "a" }, { b });',
      ),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 new global:Worker(global:file, object[object[global:port], true, ...global:more, function 1], ...global:rest, workerData=object[global:port], eval=true, run=function 1) dropped
        1 call global:sql("select ", global:id, ?) dropped
        2 call global:emit(object["a"], object[global:b], type="a", b=global:b) dropped
      function 1 private function run() in 0
      "
    `);
  });

  it('passes what super means on to the base class', () => {
    expect(
      printed(`
import { Base } from './base';
class A extends Base {
  n = 1;
  constructor(readonly x: number) { check(x); super(x); this.go(); }
  override go() { super.go(); }
}
class B extends A { m = new Map(); }
`),
    ).toMatchInlineSnapshot(`
      "function 1 constructor A.constructor(x) class 0 in 0
        0 assign receiver(0).x = parameter(0)
        1 call global:check(parameter(0)) dropped
        2 call import(./base:Base)(parameter(0)) dropped
        3 assign receiver(0).n = 1
        4 call receiver(0).go() dropped
      function 2 method A.go() class 0 in 0
        0 call import(./base:Base).go() dropped
      function 3 constructor B.constructor() class 1 in 0
        0 call module:A() dropped
        1 new global:Map() used
        2 assign receiver(1).m = result(1) <- 1
      "
    `);
  });

  it('knows imports in the middle of an expression', () => {
    expect(
      printed(
        `
async function f() {
  const { run, stop: halt } = await import('./m.js');
  run(); halt();
  (await import('node:fs')).readFile('a');
  import('./n').then((n) => n.go());
  require('./o').go(require('./p').x);
  const tool_1 = __importDefault(require('tool'));
  return () => tool_1.default.use(run);
}
`,
        'a.js',
      ),
    ).toMatchInlineSnapshot(`
      "function 1 async private function f() in 0
        0 call global:import("./m.js") awaited
        1 await result(0) <- 0
        2 call import(./m.js:run)() dropped
        3 call import(./m.js:stop)() dropped
        4 call global:import("node:fs") awaited
        5 await result(4) <- 4
        6 call import(fs).readFile("a") dropped <- 5
        7 call global:import("./n") used
        8 call result(7).then(function 2) dropped <- 7
        9 call import(./o).go(import(./p:x)) dropped
        10 return function 3
      function 2 private lambda f.lambda-1(n) in 1
        0 call parameter(0).go() returned
        1 return result(0) <- 0
      function 3 private lambda f.lambda-2() in 1
        0 read import(tool).default
        1 call import(tool).default.use(import(./m.js:run)) returned <- 0
        2 return result(1) <- 1
      "
    `);
  });

  it('takes JSX for calls with named arguments', () => {
    expect(
      printed(
        `const view = (p) => <><div className="a"><b>text</b></div><List.Item key="k" {...p} onPress={async () => p.save()}>{p.items.map((i) => <Row i={i} />)}</List.Item></>;`,
        'a.tsx',
      ),
    ).toMatchInlineSnapshot(`
      "function 1 private function view(p) in 0
        0 read variable(1:p)
        1 read variable(1:p).items
        2 call variable(1:p).items.map(function 3) used <- 1
        3 call global:List.Item(key="k", ...variable(1:p) <- 0, onPress=function 2, children=result(2) <- 2) used <- 0 2
        4 return ?
      function 2 async private lambda view.lambda-1() in 1
        0 read variable(1:p)
        1 call variable(1:p).save() returned <- 0
        2 return result(1) <- 1
      function 3 private lambda view.lambda-2(i) in 1
        0 call global:Row(i=parameter(0)) used
        1 return result(0) <- 0
      "
    `);
  });
});

describe('declared promises', () => {
  it('notes what the types in the file say that a call gives', () => {
    expect(
      printed(`
type Hook = () => void | Promise<void>;
interface Store { save(): Promise<void>; name: string; get: (key: string) => string; closed?: Hook }
class Base { constructor(private readonly load: () => Promise<string>) {} f() { this.load(); } }
export function f(store: Store, hook: Hook, each: { run(): Promise<void> }, log: (text: string) => void) {
  store.save();
  store.get('a');
  store.closed?.();
  hook();
  each.run();
  log('');
}
`),
    ).toMatchInlineSnapshot(`
      "function 1 constructor Base.constructor(load) class 0 in 0
        0 assign receiver(0).load = parameter(0)
      function 2 method Base.f() class 0 in 0
        0 call receiver(0).load() dropped gives promise
      function 3 function f(store: module:Store, hook, each, log) in 0
        0 call parameter(0).save() dropped gives promise
        1 call parameter(0).get("a") dropped
        2 call parameter(0).closed() dropped gives maybe-promise optional
        3 call parameter(1)() dropped gives maybe-promise
        4 call parameter(2).run() dropped gives promise
        5 call parameter(3)("") dropped
      "
    `);
  });
});
