// Lowering of Python's control flow, printed operation by operation.
import { describe, expect, it } from 'vitest';
import { printed } from './python-support';

describe('control flow', () => {
  it('branches: if, elif, else, conditional expressions, and, or', async () => {
    expect(
      await printed(`
def f(p):
    if p.a:
        p.x = 1
    elif not p.b:
        p.x = 2
    else:
        return
    y = p.c if p.d is None else g()
    z = p.e or make(p)
    p.f and p.g and p.run()
    if p.cache is not None and "k" not in p.cache:
        p.cache["k"] = y
    assert p.ready, p.name
    return z
`),
    ).toMatchInlineSnapshot(`
      "function 1 function f(p) in 0
        0 read parameter(0).a
        branch <- 0
          1 assign parameter(0).x = 1
        or
          2 read parameter(0).b
          branch not <- 2
            3 assign parameter(0).x = 2
          or
            4 return null
        5 read parameter(0).d
        branch not <- 5
          6 read parameter(0).c
        or
          7 call global:g() used
        8 read parameter(0).e
        branch not <- 8
          9 call global:make(parameter(0)) used
        or
        10 read parameter(0).f
        branch <- 10
          11 read parameter(0).g
        or
        branch <- 10 11
          12 call parameter(0).run() dropped
        or
        13 read parameter(0).cache
        branch <- 13
          14 read parameter(0).cache[*]
        or
        branch <- 13 14
          15 assign parameter(0).cache[*] = parameter(0).c or result(7) <- 5 6 7
        or
        16 read parameter(0).ready
        branch not <- 16
          17 read parameter(0).name
          18 raise ? <- 17
        or
        19 return ? <- 8 9
      "
    `);
  });

  it('knows the main guard in its forms', async () => {
    const guards = async (condition: string) => (await printed(`if ${condition}:\n    f()\n`)).split('\n')[1];
    expect(await guards('__name__ == "__main__"')).toBe('  branch main-module');
    expect(await guards("'__main__' == __name__")).toBe('  branch main-module');
    expect(await guards('(__name__ == "__main__") and x')).toBe('  branch main-module');
    expect(await guards('x and __name__ == "__main__"')).toBe('  branch main-module');
    expect(await guards('__name__ != "__main__"')).toBe('  branch main-module not');
    expect(await guards('not __name__ == "__main__"')).toBe('  branch main-module not');
    expect(await guards('x or __name__ == "__main__"')).toBe('  branch');
    expect(await guards('__name__ == "main"')).toBe('  branch');
    expect(await guards('name == "__main__"')).toBe('  branch');
  });

  it('loops with their conditions inside', async () => {
    expect(
      await printed(`
def f(p):
    for i, x in enumerate(p.items):
        if x: continue
        p.use(i)
    else:
        p.none()
    for y in p.ys:
        y.run()
        break
    while p.more:
        p.step()
    while True:
        if p.done: break
    while 1: pass
`),
    ).toMatchInlineSnapshot(`
      "function 1 function f(p) in 0
        0 read parameter(0).items
        1 call global:enumerate(parameter(0).items <- 0) used <- 0
        loop
          branch <- 1
            2 continue
          or
          3 call parameter(0).use(result(1)[*][*] <- 1) dropped <- 1
        loop else
          4 call parameter(0).none() dropped
        5 read parameter(0).ys
        loop
          6 read parameter(0).ys[*] <- 5
          7 call parameter(0).ys[*].run() dropped <- 6
          8 break
        loop
          9 read parameter(0).more
          10 call parameter(0).step() dropped
        loop endless
          11 read parameter(0).done
          branch <- 11
            12 break
          or
        loop endless
      "
    `);
  });

  it('try, except, except*, else, finally and raise', async () => {
    expect(
      await printed(`
def f(p):
    try:
        p.lock.acquire()
    except (p.Error, OSError) as e:
        raise Failed(p.name) from e
    except:
        raise
    else:
        p.ok = True
    finally:
        p.lock.release()
    try:
        a()
    except* ValueError as group:
        p.log(group)
`),
    ).toMatchInlineSnapshot(`
      "function 1 function f(p) in 0
        try
          0 read parameter(0).lock
          1 call parameter(0).lock.acquire() dropped <- 0
        handler
          3 read parameter(0).Error
          4 read parameter(0).name
          5 call global:Failed(parameter(0).name <- 4) used <- 4
          6 raise result(5) <- 5
        handler
          7 raise ?
        try else
          2 assign parameter(0).ok = true
        finally
          8 read parameter(0).lock
          9 call parameter(0).lock.release() dropped <- 8
        try
          10 call global:a() dropped
        handler
          11 call parameter(0).log(?) dropped
      "
    `);
  });

  it('with and async with enter their items one in another', async () => {
    expect(
      await printed(`
class A:
    async def f(self):
        with self.a, open("f") as self.file, (self.b):
            self.x = 1
        async with self.c as conn, pool() as (d, e):
            conn.run(d)
        with (self.g as h, self.i):
            h.run()
`),
    ).toMatchInlineSnapshot(`
      "function 1 async method A.f(self) class 0 in 0
        0 read receiver(0).a
        with receiver(0).a <- 0
          1 call global:open("f") used
          with result(1) <- 1
            2 assign receiver(0).file = result(1) <- 1
            3 read receiver(0).b
            with receiver(0).b <- 3
              4 assign receiver(0).x = 1
        5 read receiver(0).c
        6 await receiver(0).c <- 5
        async with receiver(0).c <- 5
          7 call global:pool() used
          8 await result(7) <- 7
          async with result(7) <- 7
            9 call receiver(0).c.run(result(7)[*] <- 7 8) dropped <- 5 6 7 8
          10 await result(7) <- 7
        11 await receiver(0).c <- 5
        12 read receiver(0).g
        with receiver(0).g <- 12
          13 read receiver(0).i
          with receiver(0).i <- 13
            14 call receiver(0).g.run() dropped <- 12
      "
    `);
  });

  it('await, async for, yield', async () => {
    expect(
      await printed(`
async def f(p):
    x = await p.load()
    async for y in p.stream():
        p.use(y)
    p.all = [z async for z in p.more]
    task = p.start()
    await task
    yield x
    return
def g(p):
    got = yield p.x
    yield from p.inner()
    p.got = got
`),
    ).toMatchInlineSnapshot(`
      "function 1 async generator function f(p) in 0
        0 call parameter(0).load() awaited
        1 await result(0) <- 0
        2 call parameter(0).stream() used
        loop
          3 await result(2) <- 2
          4 call parameter(0).use(result(3) <- 3) dropped <- 3
        5 read parameter(0).more
        loop
          6 await parameter(0).more <- 5
        7 assign parameter(0).all = list[result(6)] <- 5 6
        8 call parameter(0).start() used
        9 await result(8) <- 8
        10 yield result(1) <- 1
        11 return null
      function 2 generator function g(p) in 0
        0 read parameter(0).x
        1 yield parameter(0).x <- 0
        2 call parameter(0).inner() used
        3 yield result(2) <- 2
        4 assign parameter(0).got = ? <- 1
      "
    `);
  });

  it('match binds its captures', async () => {
    expect(
      await printed(`
def f(p):
    match p.message:
        case {"kind": kind, **rest} if p.on:
            p.a = kind
        case Point(x=0, y=yy) | [yy, *_]:
            p.b = yy
        case str() as text:
            p.c = text
        case Color.RED | None | -1:
            p.d = 1
        case other:
            p.e = other
    match p.x, p.y:
        case 1, z: p.f = z
`),
    ).toMatchInlineSnapshot(`
      "function 1 function f(p) in 0
        0 read parameter(0).message
        branch <- 0
          1 read parameter(0).on
          branch <- 1
            2 assign parameter(0).a = ? <- 0
          or
        or
          3 assign parameter(0).b = ? <- 0
        or
          4 assign parameter(0).c = parameter(0).message <- 0
        or
          5 assign parameter(0).d = 1
        or
          6 assign parameter(0).e = parameter(0).message <- 0
        7 read parameter(0).x
        8 read parameter(0).y
        branch <- 7 8
          9 assign parameter(0).f = ? <- 7 8
        or
      "
    `);
  });
});
