// npm run bench: throughput, memory and latency on real code, beside other tools on the same files in the same run.
//   npm run bench -- [throughput|latency|hover] [python|typescript] [--readme]     --readme: puts the tables into README.md too
// Figures are of this machine at this moment: read the ratios. Peers and corpora are kept in .cache/bench.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { pythonCorpus, sampleText, typescriptCorpus } from '../bench/corpora.mjs';
import { loadPeer } from '../bench/in-process.mjs';
import { hoverLatency, libraryLatency, serverLatency } from '../bench/latency.mjs';
import { measure, quantile, table } from '../bench/measure.mjs';
import { installPeers, label } from '../bench/peers.mjs';
import { install } from './checks/install.mjs';

const root = path.resolve(import.meta.dirname, '..');
const cache = path.join(root, '.cache/bench');
const progress = (text) => process.stderr.write(`  … ${text}\n`);
const wanted = process.argv.slice(2);
/** Without a word about its kind everything of that kind is wanted. */
const wants = (name, kind) => wanted.includes(name) || !kind.some((each) => wanted.includes(each));
const MEASURES = ['throughput', 'latency', 'hover'];
const LANGUAGES = ['python', 'typescript'];

const installed = install(root);
if (!installed.ok) fail(installed.output);
// What is measured is what the sources say now.
const built = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, encoding: 'utf8' });
if (built.status !== 0) fail(built.stderr);
mkdirSync(cache, { recursive: true });
const peers = installPeers(cache);

const printed = [];
print(`${availableParallelism()} × ${cpus()[0].model}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.versions.node}`);
const corpora = [...(wants('python', LANGUAGES) ? [pythonCorpus()] : []), ...(wants('typescript', LANGUAGES) ? [typescriptCorpus(cache)] : [])];
for (const corpus of corpora) {
  print(`\n${corpus.name}: ${corpus.files.length} files, ${(corpus.bytes / 1e6).toFixed(1)} MB`);
  if (wants('throughput', MEASURES)) print(`\n${await throughput(corpus)}`);
  if (wants('latency', MEASURES)) print(`\n${await latency(corpus)}`);
  if (wants('hover', MEASURES)) print(`\n${await hovers(corpus)}`);
}
if (wanted.includes('--readme')) intoReadme(printed.join('\n'));

function print(text) {
  console.log(text);
  printed.push(text);
}

function fail(reason) {
  console.error(reason);
  process.exit(2);
}

/** Puts a text between the marks that README.md has for it. */
function intoReadme(text) {
  const file = path.join(root, 'README.md');
  const marks = /(<!-- bench:start -->\n)[\s\S]*(<!-- bench:end -->)/;
  const before = readFileSync(file, 'utf8');
  if (!marks.test(before)) fail('README.md has no marks for the figures');
  writeFileSync(
    file,
    before.replace(marks, (_, start, end) => `${start}\n\`\`\`\n${text}\n\`\`\`\n\n${end}`),
  );
}

async function throughput(corpus) {
  const scratch = mkdtempSync(path.join(tmpdir(), 'lockset-bench-'));
  try {
    const list = path.join(scratch, 'files.txt');
    writeFileSync(list, corpus.files.join('\n'));
    const lockset = () =>
      measure(process.execPath, [path.join(root, 'dist/cli.js'), 'check', corpus.root, '--include-tests', '--format', 'json', '--fail-on', 'error'], {
        env: { XDG_CACHE_HOME: scratch },
      });
    const inProcess = (name) => measure(process.execPath, [path.join(root, 'bench/in-process.mjs'), peers, name, list]);
    const runs = [
      ['lockset, cold', await lockset()],
      ['lockset, warm', await lockset()],
      ...(corpus.language === 'python'
        ? [
            [label('@astral-sh/ruff-wasm-nodejs'), await inProcess('ruff')],
            [label('pyright'), await pyrightRun(corpus, scratch)],
          ]
        : [[label('eslint'), await inProcess('eslint')]]),
    ];
    const base = runs[0][1].seconds;
    return table([
      ['throughput', 'seconds', 'MB/s', 'peak MB', 'time ÷ lockset cold', 'status'],
      ...runs.map(([name, run]) => [
        name,
        (run.timedOut ? '> ' : '') + run.seconds.toFixed(2),
        (run.timedOut ? '< ' : '') + (corpus.bytes / 1e6 / run.seconds).toFixed(2),
        run.megabytes?.toFixed(0) ?? '–',
        (run.timedOut ? '> ' : '') + (run.seconds / base).toFixed(2),
        run.timedOut ? 'stopped' : String(run.status),
      ]),
    ]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function pyrightRun(corpus, scratch) {
  const project = path.join(scratch, 'pyrightconfig.json');
  writeFileSync(
    project,
    JSON.stringify({ include: [path.relative(scratch, corpus.root)], exclude: ['**/site-packages', '**/node_modules'], typeCheckingMode: 'basic' }),
  );
  return measure(process.execPath, ['--max-old-space-size=6000', path.join(peers, 'node_modules/pyright/index.js'), '--project', project, '--outputjson']);
}

async function latency(corpus) {
  const rows = [['keystroke to diagnostics', 'lines', 'keystrokes', 'median ms', '95% ms', 'worst ms', 'median ÷ lockset']];
  for (const lines of [500, 5000]) {
    const sample = sampleText(corpus, lines);
    const { language } = corpus;
    progress(`typing into ${sample.lineCount} lines of ${language}`);
    const runs = [['lockset', await serverLatency(locksetServer(sample, language))]];
    if (language === 'python') {
      runs.push([label('@astral-sh/ruff-wasm-nodejs'), libraryLatency(loadPeer(peers, 'ruff'), { sample, language })]);
      runs.push([label('pyright'), await serverLatency(pyrightServer(sample, language))]);
    } else {
      runs.push([label('eslint'), libraryLatency(loadPeer(peers, 'eslint'), { sample, language })]);
    }
    const base = quantile(runs[0][1].times, 0.5);
    for (const [name, { times }] of runs) rows.push(timesRow(name, sample, times, base));
  }
  return table(rows);
}

/** Hovers in a long file, beside the server that people have open for the same language anyway. */
async function hovers(corpus) {
  const { language } = corpus;
  const sample = sampleText(corpus, 5000);
  progress(`hovering in ${sample.lineCount} lines of ${language}`);
  const runs = [['lockset', await hoverLatency(locksetServer(sample, language))]];
  if (language === 'python') runs.push([label('pyright'), await hoverLatency(pyrightServer(sample, language))]);
  const base = quantile(runs[0][1].times, 0.5);
  return table([
    ['hover, where there is an answer', 'lines', 'hovers', 'median ms', '95% ms', 'worst ms', 'median ÷ lockset'],
    ...runs.map(([name, { times }]) => timesRow(name, sample, times, base)),
  ]);
}

/** Name, lines, count, median, 95%, worst, and how often the median of `base` that is. */
function timesRow(name, sample, times, base) {
  const median = quantile(times, 0.5);
  return [name, sample.lineCount, times.length, median.toFixed(1), quantile(times, 0.95).toFixed(1), Math.max(...times).toFixed(1), (median / base).toFixed(2)];
}

function locksetServer(sample, language) {
  const assets = path.join(root, 'dist');
  return { program: process.execPath, args: [path.join(assets, 'server.js'), '--stdio'], initializationOptions: { assets }, pull: true, sample, language };
}

function pyrightServer(sample, language) {
  const server = path.join(peers, 'node_modules/pyright/langserver.index.js');
  return { program: process.execPath, args: [server, '--stdio'], pull: false, sample, language };
}
