// Misparses: texts that the grammar takes for something else without telling, mended while lowering.
import { describe, expect, it } from 'vitest';
import { printed } from './python-support';

const body = async (statement: string) => {
  const lines = (await printed(`class A:\n    def f(self, p):\n        ${statement}\n`)).trimEnd().split('\n').slice(1);
  return lines.map((line) => line.trim());
};

describe('type(self).x = y, read as a type alias', () => {
  it('writes a class attribute', async () => {
    expect(await body('type(self).x = 1')).toEqual(['0 assign class(0).x = 1']);
    expect(await body('type(self).x[p.k] = p.v')).toEqual(['0 read parameter(1).v', '1 read parameter(1).k', '2 assign class(0).x[*] = parameter(1).v <- 0 1']);
    expect(await body('type(self).a.b = make()')).toEqual(['0 call global:make() used', '1 assign class(0).a.b = result(0) <- 0']);
    expect(await body('type (self).x: int = 3')).toEqual(['0 assign class(0).x = 3']);
    expect(await body('type(self).x = self.y + self.z')).toEqual(['0 read receiver(0).y', '1 read receiver(0).z', '2 assign class(0).x = ? <- 0 1']);
  });

  it('calls type where the argument is another object', async () => {
    expect(await body('type(p.q).x = 1')).toEqual([
      '0 read parameter(1).q',
      '1 call global:type(parameter(1).q <- 0) used <- 0',
      '2 assign result(1).x = 1 <- 1',
    ]);
  });

  it('follows captured variables, which a skipped alias would hide', async () => {
    expect(await printed('def f(p):\n    def g():\n        type(p).x = lambda: p\n')).toBe(
      [
        'function 1 function f(p) in 0',
        'function 2 function f.g() in 1',
        '  0 read variable(1:p)',
        '  1 call global:type(variable(1:p) <- 0) used <- 0',
        '  2 assign result(1).x = function 3 <- 1',
        'function 3 private lambda f.g.lambda-1() in 2',
        '  0 read variable(1:p)',
        '  1 return variable(1:p) <- 0',
        '',
      ].join('\n'),
    );
  });

  it('leaves true aliases alone', async () => {
    expect(await body('type X = list[int]')).toEqual([]);
    expect(await body('type X[T] = dict[str, T]')).toEqual([]);
    expect(await body('type = p.x; match = type; match[0] = 1')).toEqual(['0 read parameter(1).x', '1 assign parameter(1).x[*] = 1 <- 0']);
  });

  it('reads and updates through type(self) as well', async () => {
    expect(await body('type(self).n += 1')).toEqual(['0 read class(0).n', '1 update class(0).n = ? <- 0']);
    expect(await body('type(self).n, p.m = 1, 2')).toEqual(['0 assign class(0).n = 1', '1 assign parameter(1).m = 2']);
    expect(await body('return type(self).n')).toEqual(['0 read class(0).n', '1 return class(0).n <- 0']);
  });
});

describe('{*range(4)}, read as a call of *range', () => {
  it('calls the function and spreads its outcome', async () => {
    expect(await body('p.x = {*range(4)}')).toEqual(['0 call global:range(4) used', '1 assign parameter(1).x = set[?] <- 0']);
    expect(await body('p.x = [*self.items(), *p.y]')).toEqual([
      '0 call receiver(0).items() used',
      '1 read parameter(1).y',
      '2 assign parameter(1).x = list[?, ?] <- 0 1',
    ]);
    expect(await body('f(*p.g(1), **p.h(2))')).toEqual([
      '0 call parameter(1).g(1) used',
      '1 call parameter(1).h(2) used',
      '2 call global:f(...result(0) <- 0, ...result(1) <- 1) dropped <- 0 1',
    ]);
    expect(await body('a, *b = *p.x, 1')).toEqual(['0 read parameter(1).x']);
  });
});

describe('except*, of the kind of except', () => {
  it('handles like except', async () => {
    const text = (star: string) => `def f(p):\n    try:\n        p.a()\n    except${star} (A, B) as e:\n        p.b(e)\n`;
    expect(await printed(text('*'))).toBe(await printed(text('')));
    expect(await printed(text('*'))).toContain('handler');
  });
});

describe('print >>f, x, read as Python 2', () => {
  it('calls nothing', async () => {
    expect(await body('print >>p.f, p.x')).toEqual(['0 read parameter(1).f', '1 read parameter(1).x']);
    expect(await body('print >>p.f')).toEqual(['0 read parameter(1).f']);
  });

  it('calls print in Python 2, and exec', async () => {
    expect(await body('print p.x')).toEqual(['0 read parameter(1).x', '1 call global:print(parameter(1).x <- 0) dropped <- 0']);
    expect(await body('print(p.x)')).toEqual(['0 read parameter(1).x', '1 call global:print(parameter(1).x <- 0) dropped <- 0']);
    expect(await body('exec(p.x)')).toEqual(['0 read parameter(1).x', '1 call global:exec(parameter(1).x <- 0) dropped <- 0']);
  });
});
