// Text: spans, edits, line maps and hashes, by their laws.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, differenceOf } from '../../server/text/edit';
import { Hasher, hashText } from '../../server/text/hash';
import { LineMap } from '../../server/text/line-map';
import { spanContains, spansOverlap } from '../../server/text/span';

/** Texts with every kind of line end, and characters of two UTF-16 units. */
const texts = fc.array(fc.constantFrom('a', 'b', ' ', '\n', '\r\n', '\r', '😀', 'é', '\t'), { maxLength: 40 }).map((parts) => parts.join(''));

describe('edits', () => {
  it('turn one text into any other', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        expect(applyEdits(before, [differenceOf(before, after)])).toBe(after);
      }),
    );
  });

  it('are applied whatever their order', () => {
    const edits = [
      { span: { start: 4, end: 5 }, newText: 'E' },
      { span: { start: 0, end: 1 }, newText: '' },
      { span: { start: 2, end: 2 }, newText: '++' },
    ];
    expect(applyEdits('abcdef', edits)).toBe('b++cdEf');
    expect(applyEdits('abcdef', [...edits].reverse())).toBe('b++cdEf');
  });

  it('inserted at one place keep their order', () => {
    const at = { start: 1, end: 1 };
    expect(
      applyEdits('ab', [
        { span: at, newText: '1' },
        { span: at, newText: '2' },
      ]),
    ).toBe('a12b');
  });

  it('that overlap are an error', () => {
    const overlapping = [
      { span: { start: 0, end: 3 }, newText: '' },
      { span: { start: 2, end: 4 }, newText: '' },
    ];
    expect(() => applyEdits('abcdef', overlapping)).toThrow(RangeError);
  });

  it('are as small as the common beginning and end allow', () => {
    expect(differenceOf('let total = 1;', 'let totals = 1;')).toEqual({ span: { start: 9, end: 9 }, newText: 's' });
    const long = 'x'.repeat(10_000);
    for (const at of [0, 1, 4095, 4096, 4097, 9_999, 10_000]) {
      expect(applyEdits(long, [differenceOf(long, `${long.slice(0, at)}y${long.slice(at)}`)])).toBe(`${long.slice(0, at)}y${long.slice(at)}`);
      expect(differenceOf(`${long.slice(0, at)}y${long.slice(at)}`, long)).toEqual({ span: { start: at, end: at + 1 }, newText: '' });
    }
    expect(differenceOf('aaa', 'aa')).toEqual({ span: { start: 2, end: 3 }, newText: '' });
  });
});

describe('line maps', () => {
  it('lead from offset to position and back', () => {
    fc.assert(
      fc.property(texts, fc.nat(50), (text, offset) => {
        const map = new LineMap(text);
        const at = Math.min(offset, text.length);
        const back = map.offsetAt(map.positionAt(at));
        // Between "\r" and "\n", and behind a line's last character, there is no position of its own.
        expect(back <= at && text.slice(back, at).replace(/[\r\n]/g, '')).toBe('');
      }),
    );
  });

  it('know the three line ends', () => {
    const map = new LineMap('a\nbc\r\nd\re');
    expect(map.lineCount).toBe(4);
    expect([0, 1, 2, 3].map((line) => map.lineSpan(line))).toEqual([
      { start: 0, end: 1 },
      { start: 2, end: 4 },
      { start: 6, end: 7 },
      { start: 8, end: 9 },
    ]);
    expect(map.positionAt(3)).toEqual({ line: 1, column: 1 });
    expect(map.offsetAt({ line: 3, column: 0 })).toBe(8);
  });

  it('move what lies outside to the nearest end', () => {
    const map = new LineMap('ab\ncd');
    expect(map.positionAt(99)).toEqual({ line: 1, column: 2 });
    expect(map.positionAt(-1)).toEqual({ line: 0, column: 0 });
    expect(map.offsetAt({ line: 0, column: 99 })).toBe(2);
    expect(map.offsetAt({ line: 9, column: 0 })).toBe(5);
    expect(map.offsetAt({ line: -1, column: 3 })).toBe(0);
  });

  it('count columns in UTF-16 units', () => {
    expect(new LineMap('😀x').positionAt(2)).toEqual({ line: 0, column: 2 });
  });
});

describe('spans', () => {
  it('contain their end, but overlap only by a character', () => {
    const span = { start: 2, end: 4 };
    expect([1, 2, 4, 5].map((offset) => spanContains(span, offset))).toEqual([false, true, true, false]);
    expect(spansOverlap(span, { start: 4, end: 6 })).toBe(false);
    expect(spansOverlap(span, { start: 3, end: 6 })).toBe(true);
  });
});

describe('hashes', () => {
  it('are equal for equal content and differ for what is nearly equal', () => {
    expect(hashText('abc')).toBe(hashText('abc'));
    const parts = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc'], ['cab'], [1, 2], [2, 1], [12], ['1', '2']];
    const digests = parts.map((each) => each.reduce<Hasher>((hasher, part) => hasher.add(part), new Hasher()).digest());
    expect(new Set(digests).size).toBe(parts.length);
    expect(digests.every((digest) => /^[0-9a-f]{16}$/.test(digest))).toBe(true);
  });

  it('do not collide over many short texts', () => {
    const digests = new Set<string>();
    for (let i = 0; i < 20_000; i++) digests.add(hashText(`f${i}(x${i % 7})`));
    expect(digests.size).toBe(20_000);
  });
});
