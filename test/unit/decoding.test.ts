// Decoding: byte order marks, encoding cookies, invalid bytes and binary files.
import { describe, expect, it } from 'vitest';
import { decodeSource, encodingCookie } from '../../server/workspace/decoding';

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : part)));

describe('decoding', () => {
  it('drops byte order marks, so that columns agree with an editor', () => {
    expect(decodeSource(bytes([0xef, 0xbb, 0xbf], 'x = 1'), 'python')).toEqual({ text: 'x = 1' });
    expect(decodeSource(bytes([0xff, 0xfe], 'x\0=\0'), 'typescript')).toEqual({ text: 'x=' });
    expect(decodeSource(bytes([0xfe, 0xff], '\0x\0='), 'typescript')).toEqual({ text: 'x=' });
  });

  it('keeps emoji as two UTF-16 units', () => {
    const decoded = decodeSource(Buffer.from('s = "🔒"'), 'python');
    expect(decoded).toEqual({ text: 's = "🔒"' });
    expect('text' in decoded && decoded.text.length).toBe(8);
  });

  it.each([
    ['# -*- coding: latin-1 -*-', 'latin-1'],
    ['# vim: set fileencoding=cp1252 :', 'cp1252'],
    ['#!/usr/bin/python\n# coding: ISO_8859_15', 'iso-8859-15'],
    ['x = 1  # coding: latin-1', undefined],
    ['x = 1\n# coding: latin-1', undefined],
    ['#\n#\n# coding: latin-1', undefined],
  ])('finds the cookie of %j', (text, cookie) => {
    expect(encodingCookie(Buffer.from(text))).toBe(cookie);
  });

  it('reads what the cookie says, in Python only', () => {
    expect(decodeSource(bytes('# coding: latin-1\n', [0xe9, 0x80]), 'python')).toEqual({ text: '# coding: latin-1\né\u0080' });
    expect(decodeSource(bytes('# coding: cp1252\n', [0x80]), 'python')).toEqual({ text: '# coding: cp1252\n€' });
    expect(decodeSource(bytes('# coding: koi8-r\n', [0xc1]), 'python')).toEqual({ text: '# coding: koi8-r\nа' });
    expect(decodeSource(bytes('# coding: latin-1\n', [0xe9]), 'typescript')).toMatchObject({
      problem: 'line 2 is not valid UTF-8; what cannot be read is replaced',
    });
  });

  it('replaces invalid bytes and says so once', () => {
    expect(decodeSource(bytes('a\nb', [0xff, 0xff], '\n', [0xff]), 'python')).toEqual({
      text: 'a\nb\ufffd\ufffd\n\ufffd',
      problem: 'line 2 is not valid UTF-8; what cannot be read is replaced',
    });
  });

  it('says so when the encoding is not known, or cannot be', () => {
    expect(decodeSource(bytes('# coding: klingon\nx'), 'python')).toEqual({
      text: '# coding: klingon\nx',
      problem: 'unknown encoding "klingon"; read as UTF-8',
    });
    expect(decodeSource(bytes('# coding: utf-16\nx'), 'python')).toMatchObject({ problem: expect.stringContaining('cannot be named') });
  });

  it('refuses binary files', () => {
    expect(decodeSource(bytes([0x7f], 'ELF', [0, 0, 1]), 'python')).toEqual({ refused: 'a binary file' });
  });

  it('takes an empty file', () => {
    expect(decodeSource(new Uint8Array(0), 'python')).toEqual({ text: '' });
  });
});
