#!/usr/bin/env node
// Draws findings for an audit: node draw.mjs COUNT REPORT.json…, the reports being what `lockset check --format json` printed,
// each named after the package it is about. The same reports give the same draw, whoever makes it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const [count, ...reports] = process.argv.slice(2);
if (!(Number(count) > 0) || reports.length === 0) {
  console.error('usage: draw.mjs COUNT REPORT.json…');
  process.exit(2);
}
const found = reports.flatMap((report) => {
  const source = basename(report, '.json');
  return JSON.parse(readFileSync(report, 'utf8'))
    .findings.filter(({ severity }) => severity === 'warning' || severity === 'error')
    .map(({ file, line, rule, message }) => ({ source, file, line, rule, message, lot: lotOf(`${source}\t${file}\t${line}\t${rule}`) }));
});
const drawn = found
  .sort((a, b) => compare(a.lot, b.lot))
  .slice(0, Number(count))
  .sort((a, b) => compare(a.source, b.source) || compare(a.file, b.file) || a.line - b.line || compare(a.rule, b.rule));
for (const { source, file, line, rule, message } of drawn) console.log([source, file, line, rule, message].join('\t'));
console.error(`${drawn.length} of ${found.length}`);

/** Where a finding stands in the draw: as good as chance, and always the same. */
function lotOf(text) {
  return createHash('sha256').update(text).digest('hex');
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
