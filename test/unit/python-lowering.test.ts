// Lowering of Python: what small texts become, printed operation by operation.
import { describe, expect, it } from 'vitest';
import { lowerSound, printed, printedModule } from './python-support';

describe('places', () => {
  it('reads and writes attributes of self, elements and module variables', async () => {
    expect(
      await printed(`
total = 0
class Box:
    def f(self, k, v):
        self.items[k] = v
        self.items[k].total += 1
        del self.items[k]
        del self.name
        global total
        total += self.size
        return total, self.items[k:], self.a.b.c
`),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 assign module:total = 0
      function 1 method Box.f(self, k, v) class 0 in 0
        0 assign receiver(0).items[*] = parameter(2)
        1 read receiver(0).items[*].total
        2 update receiver(0).items[*].total = ? <- 1
        3 delete receiver(0).items[*]
        4 delete receiver(0).name
        5 read module:total
        6 read receiver(0).size
        7 update module:total = ? <- 5 6
        8 read module:total
        9 read receiver(0).items[*]
        10 read receiver(0).a.b.c
        11 return tuple[module:total, receiver(0).items[*], receiver(0).a.b.c] <- 8 9 10
      "
    `);
  });

  it('does not read the name of a callee, only the object of a method', async () => {
    expect(
      await printed(`
import os, threading
def f(p):
    self_less(p.x)
    p.items.append(1)
    p.run()
    os.path.join("a")
    threading.Lock()
    handlers[p.kind](p)
    "".join(p)
    [].append(p)
`),
    ).toMatchInlineSnapshot(`
      "function 1 function f(p) in 0
        0 read parameter(0).x
        1 call global:self_less(parameter(0).x <- 0) dropped <- 0
        2 read parameter(0).items
        3 call parameter(0).items.append(1) dropped <- 2
        4 call parameter(0).run() dropped
        5 read import(os).path
        6 call import(os).path.join("a") dropped <- 5
        7 call import(threading).Lock() dropped
        8 read parameter(0).kind
        9 call global:handlers[*](parameter(0)) dropped <- 8
        10 call unknown.join(parameter(0)) dropped
        11 call unknown.append(parameter(0)) dropped
      "
    `);
  });

  it('roots class attributes in the class, however it is named', async () => {
    expect(
      await printed(`
class A:
    count = 0
    other = count
    def f(self):
        A.count += 1
        self.__class__.count = 2
        type(self).count = 3
        x = type(self)
        x.count = 4
    @classmethod
    def g(cls):
        cls.count = 5
    @staticmethod
    def h(a):
        a.count = 6
    def __new__(cls):
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one
`),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 assign class(0).count = 0
        1 read class(0).count
        2 assign class(0).other = class(0).count <- 1
        3 decorator global:classmethod(function 2) used
        4 decorator global:staticmethod(function 3) used
      function 1 method A.f(self) class 0 in 0
        0 read class(0).count
        1 update class(0).count = ? <- 0
        2 assign class(0).count = 2
        3 assign class(0).count = 3
        4 assign class(0).count = 4
      function 2 class-method A.g(cls) class 0 in 0 @global:classmethod
        0 assign class(0).count = 5
      function 3 static-method A.h(a) class 0 in 0 @global:staticmethod
        0 assign parameter(0).count = 6
      function 4 class-method A.__new__(cls) class 0 in 0
        0 read class(0)._one
        branch not <- 0
          1 call global:super() used
          2 call result(1).__new__(class(0)) used <- 1
          3 assign class(0)._one = result(2) <- 2
        or
        4 read class(0)._one
        5 return class(0)._one <- 4
      "
    `);
  });

  it('keeps module functions, classes and imports as values', async () => {
    expect(
      await printed(`
import queue
from . import jobs
from ..pkg.mod import run as go
class C: pass
def work(): pass
def start():
    use(work, C, queue, jobs, go)
    C.total = 1
    work.cache = {}
    work()
    C()
    go()
    jobs.run()
`),
    ).toMatchInlineSnapshot(`
      "function 1 function work() in 0
      function 2 function start() in 0
        0 call global:use(function 1, class 0, import(queue), import(.:jobs), import(..pkg.mod:run)) dropped
        1 assign class(0).total = 1
        2 assign module:work.cache = dict[]
        3 call function 1() dropped
        4 call class 0() dropped
        5 call import(..pkg.mod:run)() dropped
        6 call import(.:jobs).run() dropped
      "
    `);
  });
});

describe('local variables', () => {
  it('are followed to the reads behind them', async () => {
    expect(
      await printed(`
class A:
    def f(self, p):
        old = self.total
        new = old + p
        self.total = new
        items = self.items
        items.append(new)
        q = items
        return q
`),
    ).toMatchInlineSnapshot(`
      "function 1 method A.f(self, p) class 0 in 0
        0 read receiver(0).total
        1 assign receiver(0).total = ? <- 0
        2 read receiver(0).items
        3 call receiver(0).items.append(? <- 0) dropped <- 0 2
        4 return receiver(0).items <- 2
      "
    `);
  });

  it('are unpacked pairwise, with stars and from places', async () => {
    expect(
      await printed(`
def f(self, p):
    a, b = p.x, p.y
    a, b = b, a
    p.a, (p.b, *p.c) = a, p.d
    [p.e, p.f] = p.pair
    p.g = p.h = c = a
    (p.i) = c
    return a
`),
    ).toMatchInlineSnapshot(`
      "function 1 function f(self, p) in 0
        0 read parameter(1).x
        1 read parameter(1).y
        2 read parameter(1).d
        3 assign parameter(1).a = parameter(1).y <- 0 1 2
        4 assign parameter(1).b = parameter(1).d[*] <- 0 1 2
        5 assign parameter(1).c = ? <- 0 1 2
        6 read parameter(1).pair
        7 assign parameter(1).e = parameter(1).pair[*] <- 6
        8 assign parameter(1).f = parameter(1).pair[*] <- 6
        9 assign parameter(1).g = parameter(1).y <- 0 1
        10 assign parameter(1).h = parameter(1).y <- 0 1
        11 assign parameter(1).i = parameter(1).y[*] <- 0 1
        12 return parameter(1).y <- 0 1
      "
    `);
  });

  it('become variables of their own where inner functions capture them', async () => {
    expect(
      await printed(`
class A:
    def f(self, p, q):
        count = 0
        done = False
        def inner(x):
            nonlocal count
            count += x + q
            self.total += 1
            def deeper():
                return done
            return deeper
        self.run(lambda: p.x)
        count = 2
        return inner(count)
`),
    ).toMatchInlineSnapshot(`
      "function 1 method A.f(self, p, q) class 0 in 0
        0 assign variable(1:count) = 0
        1 assign variable(1:done) = false
        2 call receiver(0).run(function 4) dropped
        3 assign variable(1:count) = 2
        4 read variable(1:count)
        5 call function 2(variable(1:count) <- 4) returned <- 4
        6 return result(5) <- 5
      function 2 function A.f.inner(x) class 0 in 1
        0 read variable(1:count)
        1 read variable(1:q)
        2 update variable(1:count) = ? <- 0 1
        3 read receiver(0).total
        4 update receiver(0).total = ? <- 3
        5 return function 3
      function 3 function A.f.inner.deeper() class 0 in 2
        0 read variable(1:done)
        1 return variable(1:done) <- 0
      function 4 private lambda A.f.lambda-1() class 0 in 1
        0 read variable(1:p).x
        1 return variable(1:p).x <- 0
      "
    `);
  });

  it('of comprehensions are their own', async () => {
    expect(
      await printed(`
def f(p):
    x = p.a
    ys = [x.b for x in p.items if x.ok for z in x.all]
    zs = {k: v for k, v in p.pairs}
    fs = [lambda: w for w in p.ws]
    g(i.start() for i in ys)
    p.out = x
    return [(y := q) for q in p.qs], y
`),
    ).toMatchInlineSnapshot(`
      "function 1 function f(p) in 0
        0 read parameter(0).a
        1 read parameter(0).items
        loop
          2 read parameter(0).items[*] <- 1
          3 read parameter(0).items[*].ok <- 2
          branch <- 3
            4 read parameter(0).items[*].all <- 2
            loop
              5 read parameter(0).items[*].all[*] <- 4
              6 read parameter(0).items[*].b <- 2
          or
        7 read parameter(0).pairs
        loop
          8 read parameter(0).pairs[*] <- 7
        9 read parameter(0).ws
        loop
          10 read parameter(0).ws[*] <- 9
          11 assign variable(1:w) = parameter(0).ws[*] <- 10
        loop
          12 call parameter(0).items[*].b.start() used <- 1 3 4 6
        13 call global:g(list[result(12)] <- 1 3 4 6 12) dropped <- 1 3 4 6 12
        14 assign parameter(0).out = parameter(0).a <- 0
        15 read parameter(0).qs
        loop
          16 read parameter(0).qs[*] <- 15
        17 return tuple[list[parameter(0).qs[*]], parameter(0).qs[*]] <- 15 16
      function 2 private lambda f.lambda-1() in 1
        0 read variable(1:w)
        1 return variable(1:w) <- 0
      "
    `);
  });

  it('hold what a parameter held until they are bound anew', async () => {
    expect(
      await printed(`
def f(p, q=None):
    if q is None:
        q = p.default
    q.run()
    p = p.next
    p.run()
`),
    ).toMatchInlineSnapshot(`
      "function 1 function f(p, q = null) in 0
        branch not
          0 read parameter(0).default
        or
        1 call unknown.run() dropped <- 0
        2 read parameter(0).next
        3 call parameter(0).next.run() dropped <- 2
      "
    `);
  });

  it('stand for imports made inside a function, also in inner functions', async () => {
    expect(
      await printed(`
def f():
    import a.b.c
    import d.e as g
    from .h import i
    a.b.c.run()
    def inner():
        g.run(i)
    try:
        import fast as impl
    except ImportError:
        import slow as impl
    impl.run()
`),
    ).toMatchInlineSnapshot(`
      "function 1 function f() in 0
        0 read import(a).b.c
        1 call import(a).b.c.run() dropped <- 0
        try
        handler
        2 call unknown.run() dropped
      function 2 function f.inner() in 1
        0 call import(d.e).run(import(.h:i)) dropped
      "
    `);
  });
});

describe('calls', () => {
  it('tell arguments, spreads and what becomes of the outcome', async () => {
    expect(
      await printed(`
async def f(p, *args, **kwargs):
    g(1, -2, "s", None, True, 1.5, b"x", key=p.x, *args, **kwargs)
    x = g(a for a in p.items)
    await g()
    return g(h())
async def k(p): return await p.run()
z = lambda p, *q, r=1: p.run(f"{p.x!r:>{p.w}} {p.y=}" "plain")
c = [1, (2, "x"), {3}, {"a": z, **p}]
`),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 assign module:z = function 3
        1 read module:z
        2 assign module:c = list[1, tuple[2, "x"], set[3], dict[module:z, ?]] <- 1
      function 1 async function f(p, *args, **kwargs) in 0
        0 read parameter(0).x
        1 call global:g(1, -2, "s", null, true, 1.5, "x", key=parameter(0).x <- 0, ...parameter(1), ...parameter(2)) dropped <- 0
        2 read parameter(0).items
        loop
          3 read parameter(0).items[*] <- 2
        4 call global:g(list[parameter(0).items[*]] <- 2 3) used <- 2 3
        5 call global:g() awaited
        6 await result(5) <- 5
        7 call global:h() used
        8 call global:g(result(7) <- 7) returned <- 7
        9 return result(8) <- 8
      function 2 async function k(p) in 0
        0 call parameter(0).run() awaited
        1 await result(0) <- 0
        2 return result(1) <- 1
      function 3 private lambda lambda-1(p, *q, r = 1) in 0
        0 read parameter(0).x
        1 read parameter(0).w
        2 read parameter(0).y
        3 call parameter(0).run(? <- 0 1 2) returned <- 0 1 2
        4 return result(3) <- 3
      "
    `);
  });

  it('apply decorators in the enclosing function, from the inside out', async () => {
    expect(
      await printed(`
import functools
@app.route("/x", methods=["GET"])
@functools.wraps(f)
def view(): pass
@register
class A:
    @functools.cached_property
    def p(self): return 1
    @p.setter
    def p(self, v): self._p = v
`),
    ).toMatchInlineSnapshot(`
      "function 0 module module()
        0 call global:app.route("/x", methods=list["GET"]) used
        1 call import(functools).wraps(global:f) used
        2 decorator result(1)(function 1) used <- 1
        3 decorator result(0)(function 1) used <- 0
        4 decorator import(functools).cached_property(function 2) used
        5 decorator class(0).p.setter(function 3) used
        6 decorator global:register(class 0) used
      function 1 function view() in 0 @result(0) @result(1)
      function 2 property A.p(self) class 0 in 0 @import(functools).cached_property
        0 return 1
      function 3 property A.p(self, v) class 0 in 0 @class(0).p.setter
        0 assign receiver(0)._p = parameter(1)
      "
    `);
  });
});

describe('modules', () => {
  it('tell classes, fields, bindings and types', async () => {
    expect(
      await printedModule(`
"""About threads."""
import threading, os.path, os
from typing import Optional, ClassVar
from dataclasses import dataclass
from queue import *
try:
    import fast as impl
except ImportError:
    impl = None
LOCK: "threading.Lock" = threading.Lock()
LIMIT, other = 3, {}
for item in LIMIT: pass
def set_other():
    global other, late
    other = make()
    late = 1
@dataclass
class Job(threading.Thread, metaclass=Meta):
    "Not thread-safe at all."
    name: str
    size: int = 0
    made: ClassVar[int] = 0
    lock = threading.Lock()
    def run(self, a: Optional["Job"], b: dict[str, "Job | None"], *c: os.PathLike, d: int | str, e: None | LIMIT = LOCK) -> "list[Job]": pass
    class Inner: pass
class ThreadSafeQueue:
    async def _take(self): yield
class Shared:
    """A thread-safe box."""
`),
    ).toMatchInlineSnapshot(`
      "  *queue = import "queue" *
        ClassVar = import "typing" ClassVar
        Job = class 0
        LIMIT = variable 3
        LOCK = variable: import(threading).Lock result(2)
        Optional = import "typing" Optional
        Shared = class 3
        ThreadSafeQueue = class 2
        dataclass = import "dataclasses" dataclass
        impl = variable import(fast) | null
        item = variable module:LIMIT[*]
        late = variable 1
        os = import "os"
        other = variable dict[] | ?
        set_other = function 1
        threading = import "threading"
      class 0 Job(import(threading).Thread, metaclass=global:Meta) @import(dataclasses:dataclass)
        field name: global:str
        field size: global:int = 0
        shared field made: global:int = 0
        shared field lock = result(12)
        method run = function 2
      class 1 Job.Inner()
      class 2 ThreadSafeQueue() claims thread safety
        method _take = function 3
      class 3 Shared() claims thread safety
      function 0 module module()
        try
          0 assign module:impl = import(fast)
        handler
          1 assign module:impl = null
        2 call import(threading).Lock() used
        3 assign module:LOCK = result(2) <- 2
        4 assign module:LIMIT = 3
        5 assign module:other = dict[]
        6 read module:LIMIT
        loop
          7 read module:LIMIT[*] <- 6
          8 assign module:item = module:LIMIT[*] <- 7
        9 read import(threading).Thread
        10 assign class(0).size = 0
        11 assign class(0).made = 0
        12 call import(threading).Lock() used
        13 assign class(0).lock = result(12) <- 12
        14 read module:LOCK
        15 decorator import(dataclasses:dataclass)(class 0) used
      function 1 function set_other() in 0
        0 call global:make() used
        1 assign module:other = result(0) <- 0
        2 assign module:late = 1
      function 2 method Job.run(self, a: class(0), b: global:dict<global:str, class(0)>, *c: import(os).PathLike, d, e: module:LIMIT = module:LOCK): global:list class 0 in 0
      function 3 async generator private method ThreadSafeQueue._take(self) class 2 in 0
        0 yield null
      "
    `);
  });

  it('give comments and docstrings by position', async () => {
    const text = '"""doc"""\n# one\nclass A:\n    "two" # three\n    def f(self):\n        """four"""\n        x = "# no"\n';
    const module = await lowerSound(text);
    const comments = [];
    for (let i = 0; i < module.comments.length; i += 2) comments.push(text.slice(module.comments[i], module.comments[i + 1]));
    expect(comments).toEqual(['"""doc"""', '# one', '"two"', '# three', '"""four"""']);
  });

  it('point spans at names and whole statements', async () => {
    const text = 'x = 1\nclass A:\n    def f(self):\n        if self.a:\n            self.b += 1\n';
    const module = await lowerSound(text);
    const f = module.functions[1];
    const at = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
    expect(at(f.nameSpan)).toBe('f');
    expect(at(module.classes[0].nameSpan)).toBe('A');
    expect(f.operations.map((operation) => [operation.kind, at(operation.span), at(f.statements[operation.statement])])).toEqual([
      ['read', 'self.a', 'if self.a:\n            self.b += 1'],
      ['read', 'self.b', 'self.b += 1'],
      ['write', 'self.b', 'self.b += 1'],
    ]);
  });

  it('survive names that every JavaScript object has', async () => {
    const module = await lowerSound('__proto__ = 1\nconstructor = toString\nclass A:\n    def constructor(self): self.hasOwnProperty = __proto__\n');
    expect(Object.keys(module.bindings).sort()).toEqual(['A', '__proto__', 'constructor']);
    expect(Object.keys(module.classes[0].methods)).toEqual(['constructor']);
  });
});
