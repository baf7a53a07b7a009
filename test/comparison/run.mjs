// npm run compare:eslint: which pairs of a bug and its fix Lockset tells apart, beside eslint's and typescript-eslint's rules on promises.
//   npm run compare:eslint -- [FOLDER…] [--readme]     --readme: puts the table into README.md too
// A folder holds case folders with bad.*, good.* and case.json, as the score tool reads them. Without one the cases beside the
// project are taken, and where there are none the examples of the rule pages.
// Told apart is a pair with a report on an expected line of the bug that the fix clears: the same rule of eslint reports
// less there; Lockset, which is held to more, has nothing of the bug's family to say there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installPeers, label } from '../../bench/peers.mjs';
import { casesIn, examples } from './cases.mjs';
import { lintAll, RULES } from './eslint.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const wanted = process.argv.slice(2).filter((each) => !each.startsWith('--'));
const beside = path.join(root, '../shared/cases/typescript');
const folders = wanted.length > 0 ? wanted : existsSync(beside) ? [beside] : [];
const cases = folders.length > 0 ? folders.flatMap(casesIn) : examples(path.join(root, 'glossary/rules'));
if (cases.length === 0) throw new Error('no pairs of bad.* and good.* were found');

const cache = path.join(root, '.cache/bench');
mkdirSync(cache, { recursive: true });
const peers = installPeers(cache);
const built = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, encoding: 'utf8' });
if (built.status !== 0) throw new Error(built.stderr);

const work = realpathSync(mkdtempSync(path.join(tmpdir(), 'lockset-comparison-')));
try {
  for (const each of cases) {
    for (const kind of ['bad', 'good']) {
      mkdirSync(path.join(work, each.key, kind), { recursive: true });
      writeFileSync(fileOf(each, kind), each[kind]);
    }
  }
  const reports = await lintAll(peers, work);
  const rows = cases.map((each) => ({ each, apart: { ...peersTell(each, reports), lockset: locksetTells(each) } }));
  const text = render(rows);
  console.log(text);
  if (process.argv.includes('--readme')) intoReadme(text);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function fileOf({ key, extension }, kind) {
  return path.join(work, key, kind, `${kind}.${extension}`);
}

function isExpected({ lines }, from, to = from) {
  return lines === undefined || lines.some(([first, last]) => to >= first && from <= last);
}

function peersTell(each, reports) {
  const of = (kind, rule) => (reports.get(fileOf(each, kind)) ?? []).filter((report) => report.rule === rule);
  const tells = (rule) => of('bad', rule).some(({ line }) => isExpected(each, line)) && of('good', rule).length < of('bad', rule).length;
  return Object.fromEntries(Object.entries(RULES).map(([peer, rules]) => [peer, Object.keys(rules).some(tells)]));
}

function locksetTells(each) {
  const findings = (kind) => {
    const { stdout } = spawnSync(
      process.execPath,
      [path.join(root, 'dist/cli.js'), 'check', '--format', 'json', '--no-cache', path.dirname(fileOf(each, kind))],
      {
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      },
    );
    return JSON.parse(stdout).findings.filter(({ family, severity }) => severity !== 'hint' && each.families.includes(family));
  };
  const hit = ({ line, endLine, related }) => isExpected(each, line, endLine) || related.some((place) => isExpected(each, place.line, place.endLine));
  return findings('bad').some(hit) && findings('good').length === 0;
}

function render(rows) {
  const tools = [...Object.keys(RULES), 'lockset'];
  const families = [...new Set(rows.map(({ each }) => each.families[0]))].sort();
  const count = (some, tool) => some.filter(({ apart }) => apart[tool]).length;
  const line = (name, some) => `| ${name} | ${some.length} | ${tools.map((tool) => count(some, tool)).join(' | ')} |`;
  return [
    `| bugs of | pairs | ${label('eslint')}: require-atomic-updates | typescript-eslint ${label('@typescript-eslint/eslint-plugin').split(' ')[1]}: promise rules | Lockset |`,
    '| --- | --- | --- | --- | --- |',
    ...families.map((family) =>
      line(
        family,
        rows.filter(({ each }) => each.families[0] === family),
      ),
    ),
    line('**all**', rows),
    '',
    `The promise rules are ${Object.keys(RULES['typescript-eslint'])
      .map((rule) => rule.replace('@typescript-eslint/', ''))
      .join(', ')}.`,
    ...(process.argv.includes('--cases')
      ? ['', ...rows.map(({ each, apart }) => `${each.id}: ${tools.filter((tool) => apart[tool]).join(', ') || 'nobody'}`)]
      : []),
  ].join('\n');
}

/** Puts a text between the marks that README.md has for it. */
function intoReadme(text) {
  const file = path.join(root, 'README.md');
  const marks = /(<!-- comparison:start -->\n)[\s\S]*(<!-- comparison:end -->)/;
  const before = readFileSync(file, 'utf8');
  if (!marks.test(before)) throw new Error('README.md has no marks for the comparison');
  writeFileSync(
    file,
    before.replace(marks, (_, start, end) => `${start}${text}\n${end}`),
  );
}
