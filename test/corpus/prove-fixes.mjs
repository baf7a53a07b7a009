#!/usr/bin/env node
// Proves fixes on real code: node test/corpus/prove-fixes.mjs [--most N] [--kind KIND] [--show] PATH…
// Each path is a program of its own. Every fix that is offered there is applied in thought; told is, by rule and kind, how many
// are proven and why others are not. --most N: not more than N of each rule and kind, drawn as by chance; --show: the edits.
import { loadBundled } from './load-bundled.mjs';

const { proveFixes } = await loadBundled('support/prove-fixes.ts');
await proveFixes(process.argv.slice(2));
