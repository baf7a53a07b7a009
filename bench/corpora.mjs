// Corpora of the benchmark: the standard library of the installed Python, and the TypeScript sources of an npm package.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** A library with much asynchronous code, which ships its sources. */
const PACKAGE = 'matrix-js-sdk@43.0.0';

/** @returns {{ name: string, language: string, root: string, files: string[], bytes: number }} what there is below a folder */
function corpus(name, language, root, pattern) {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(root, file))
    .filter((file) => pattern.test(file) && !/[\\/](?:site-packages|node_modules|__pycache__)[\\/]/.test(file) && statSync(file).isFile())
    .sort();
  return { name, language, root, files, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) };
}

/** The standard library of `python3`, with its tests. */
export function pythonCorpus() {
  const ask = 'import os, sys; print(sys.version.split()[0], os.path.dirname(os.__file__))';
  const [version, root] = execFileSync('python3', ['-c', ask], { encoding: 'utf8' }).trim().split(' ');
  return corpus(`standard library of Python ${version}`, 'python', root, /\.py$/);
}

/** The sources of an npm package, fetched with `npm pack` once. */
export function typescriptCorpus(cache) {
  const folder = path.join(cache, PACKAGE);
  if (!existsSync(path.join(folder, 'package/src'))) {
    mkdirSync(folder, { recursive: true });
    const archive = execFileSync('npm', ['pack', PACKAGE, '--silent'], { cwd: folder, encoding: 'utf8' }).trim().split('\n').at(-1);
    execFileSync('tar', ['xzf', archive], { cwd: folder });
  }
  return corpus(`sources of ${PACKAGE}`, 'typescript', path.join(folder, 'package/src'), /\.tsx?$/);
}

/**
 * A text of about so many lines made of the corpus' own files, cut between two top-level statements, and the lines
 * (from 0) before which a statement may be typed: the first one inside a function or method.
 */
export function sampleText({ language, files }, lines) {
  let parts = [];
  // Middling files: very long ones are mostly tables, very short ones mostly imports.
  for (const file of files.filter(
    (each) => statSync(each).size > 8_000 && statSync(each).size < 80_000 && !/[\\/](?:test|tests|idlelib|lib2to3)[\\/]/.test(each),
  )) {
    const text = readFileSync(file, 'utf8');
    const own = text.split('\n');
    // Files of types only have no statements to type between; a __future__ import may only come first.
    if (own.length > lines * 0.6 || placesIn(own, language).length < 3 || text.includes('from __future__')) continue;
    parts = parts.concat(own);
    if (parts.length > lines + 400) break;
  }
  const isBorder =
    language === 'python' ? (line) => /^(?:def|class|async def) /.test(line) : (line) => /^(?:export )?(?:class|function|interface|async function) /.test(line);
  const borders = parts.flatMap((line, index) => (isBorder(line) ? [index] : []));
  const end = borders.reduce((best, border) => (Math.abs(border - lines) < Math.abs(best - lines) ? border : best), parts.length);
  const kept = parts.slice(0, end);
  return { text: `${kept.join('\n')}\n`, lineCount: kept.length, places: placesIn(kept, language) };
}

function placesIn(lines, language) {
  const places = [];
  for (let i = 0; i + 1 < lines.length; i++) {
    if (language === 'python' && /^ {4}(?:async )?def \w+\(.*\).*:$/.test(lines[i]) && /^ {8}[\w]/.test(lines[i + 1]))
      places.push({ line: i + 1, indent: '        ' });
    if (language === 'typescript' && /^ {4}(?:public |private |protected )?(?:async )?\w+\(.*\).*\{$/.test(lines[i]))
      places.push({ line: i + 1, indent: '        ' });
  }
  return places;
}
