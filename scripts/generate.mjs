// Generate: turns the glossary's pages and library models into the JSON that ships, and fills the README's rule table and the rule settings.
//
//   node scripts/generate.mjs            writes what has changed and names it
//   node scripts/generate.mjs --check    writes nothing; names what is out of date and exits 1
//   --root DIR                           works on another tree (tests do)
//
// Faults in a source file are named, nothing is written, and the exit status is 1.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { parse } from 'smol-toml';
import { readChoices } from './generate/choices.mjs';
import { readmeOf } from './generate/readme.mjs';
import { contributedSnippets, readSnippets } from './generate/snippets.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const options = process.argv.slice(2);
const check = options.includes('--check');
const root = options.includes('--root') ? options[options.indexOf('--root') + 1] : join(here, '..');

const SEVERITIES = ['error', 'warning', 'information', 'hint', 'off'];
/** A marked example names the rule that finds it, where the page is not the rule's own: `python bad lock-taken-twice`. */
const FENCE = /^(?:python|typescript|toml|text|(?:python|typescript) (?:bad|good)(?: ([a-z0-9-]+))?)$/;
const TERM_SECTIONS = ['In Python', 'In TypeScript/JavaScript', 'Example', 'What goes wrong'];
const RULE_SECTIONS = ['What it finds', 'Why it is bad', 'Bad', 'Good', 'How sure it is', 'What it cannot see', 'How to opt out'];
const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

const problems = [];
const terms = readTerms();
const fixes = await readFixes();
const rules = await readRules();
const models = await readModels();
const snippets = readSnippets(pages('glossary/snippets'), { known, text, texts }, await importTypeScript('../glossary/snippet-body.ts'), problems);
const choices = readQuestions('glossary/choices.toml');
checkLinks();
if (problems.length > 0) {
  for (const problem of problems) console.error(problem);
  process.exit(1);
}

const outputs = [
  ['glossary/generated/terms.json', list(terms)],
  ['glossary/generated/models.json', list(models)],
  ['glossary/generated/rules.json', list(rules)],
  ['glossary/generated/snippets.json', list(snippets)],
  ['glossary/generated/choices.json', `${JSON.stringify(choices, null, 1)}\n`],
  ...contributedSnippets(snippets),
  ['README.md', (before) => readmeOf(before, { rules, terms, models, fixes })],
  ['package.json', packageWithSettings],
];
let drift = 0;
for (const [file, content] of outputs) {
  const path = join(root, file);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  const after = typeof content === 'function' ? content(before) : content;
  if (after === undefined || after === before) continue;
  drift++;
  if (check) {
    console.error(`${file} is out of date: run node scripts/generate.mjs`);
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, after);
    console.log(`wrote ${file}`);
  }
}
if (check && drift > 0) process.exit(1);

function readTerms() {
  return pages('glossary/terms').map(({ file, front, title, body }) => {
    const { intro, sections } = split(file, body, TERM_SECTIONS);
    known(file, front, ['title', 'aliases', 'words', 'ambiguous', 'category', 'see_also', 'rules', 'apis', 'symptoms', 'python', 'typescript']);
    const card = {
      id: title,
      title: text(file, front, 'title'),
      aliases: texts(file, front, 'aliases'),
      words: texts(file, front, 'words'),
      ambiguous: texts(file, front, 'ambiguous'),
      category: text(file, front, 'category'),
      seeAlso: texts(file, front, 'see_also'),
      rules: texts(file, front, 'rules'),
      apis: texts(file, front, 'apis'),
      symptoms: texts(file, front, 'symptoms'),
      python: text(file, front, 'python'),
      typescript: text(file, front, 'typescript'),
      definition: intro,
      inPython: sections.get('In Python'),
      inTypescript: sections.get('In TypeScript/JavaScript'),
      example: sections.get('Example'),
      whatGoesWrong: sections.get('What goes wrong'),
    };
    const names = [card.title, ...card.aliases, ...card.words].map((name) => name.toLowerCase());
    for (const name of card.ambiguous) if (!names.includes(name.toLowerCase())) problems.push(`${file}: ambiguous "${name}" is neither title, alias nor word`);
    if (intro === '') problems.push(`${file}: no definition before the first heading`);
    return card;
  });
}

async function readRules() {
  const { FAMILIES } = await importTypeScript('../server/rules/finding.ts');
  return pages('glossary/rules').map(({ file, front, title, body }) => {
    const { intro, sections } = split(file, body, RULE_SECTIONS);
    known(file, front, ['id', 'title', 'family', 'languages', 'severity', 'summary', 'terms']);
    if (front.id !== title) problems.push(`${file}: id "${front.id}" is not the file's name`);
    if (!FAMILIES.includes(front.family)) problems.push(`${file}: unknown family "${front.family}"`);
    if (!SEVERITIES.includes(front.severity)) problems.push(`${file}: unknown severity "${front.severity}"`);
    for (const language of texts(file, front, 'languages')) {
      if (!['python', 'typescript'].includes(language)) problems.push(`${file}: unknown language "${language}"`);
      for (const [heading, mark] of [
        ['Bad', 'bad'],
        ['Good', 'good'],
      ]) {
        if (!(sections.get(heading) ?? '').includes(`\`\`\`${language} ${mark}\n`))
          problems.push(`${file}: "${heading}" has no \`\`\`${language} ${mark} example`);
      }
    }
    if (intro !== '') problems.push(`${file}: text before the first heading; the summary belongs in the front matter`);
    return {
      id: title,
      title: text(file, front, 'title'),
      family: front.family,
      languages: front.languages,
      severity: front.severity,
      summary: text(file, front, 'summary'),
      terms: texts(file, front, 'terms'),
      sections: [...sections].map(([heading, content]) => ({ heading, text: content })),
      fixes: fixes.filter(({ rule }) => rule === title).map(({ does, safety }) => ({ does, safety })),
    };
  });
}

async function readModels() {
  const format = await importTypeScript('../server/lower/library-format.ts');
  const entries = [];
  for (const language of ['python', 'typescript']) {
    for (const file of filesIn(`glossary/models/${language}`, '.toml')) {
      const document = toml(file, readFileSync(join(root, file), 'utf8'));
      if (document.language !== language) problems.push(`${file}: language is not "${language}"`);
      const read = format.readModels(document, { where: file });
      problems.push(...read.problems);
      entries.push(...read.entries);
    }
  }
  problems.push(...format.checkReferences(entries, new Set(terms.map((term) => term.id))));
  return entries.sort((a, b) => compare(a.language, b.language) || compare(a.name, b.name));
}

function readQuestions(file) {
  // Trees that tests make need not have any.
  if (!existsSync(join(root, file))) return { start: '', questions: [], advices: [] };
  return readChoices(file, toml(file, readFileSync(join(root, file), 'utf8')), { known, text, texts }, problems);
}

/** Terms, rules, models, snippets and advices refer to each other by id; each of these must be there. */
function checkLinks() {
  const termIds = new Set(terms.map((term) => term.id));
  const ruleIds = new Set(rules.map((rule) => rule.id));
  const apiKeys = new Set(models.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])].map((name) => `${entry.language}:${name}`)));
  const names = new Map();
  const require = (owner, what, ids, there) => {
    for (const id of ids) if (!there.has(id)) problems.push(`${owner}: ${what} names nothing that is there: ${id}`);
  };
  for (const term of terms) {
    const file = `glossary/terms/${term.id}.md`;
    require(file, 'see_also', term.seeAlso, termIds);
    require(file, 'rules', term.rules, ruleIds);
    require(file, 'apis', term.apis, apiKeys);
    for (const name of [term.title, ...term.aliases, ...term.words]) {
      const key = name.toLowerCase().replace(/[\s-]+/g, ' ');
      if (names.has(key)) problems.push(`${file}: "${name}" also belongs to ${names.get(key)}`);
      names.set(key, term.id);
    }
  }
  for (const rule of rules) require(`glossary/rules/${rule.id}.md`, 'terms', rule.terms, termIds);
  for (const snippet of snippets) require(`glossary/snippets/${snippet.id}.md`, 'terms', snippet.terms, termIds);
  const snippetIds = new Set(snippets.map((snippet) => snippet.id));
  for (const advice of choices.advices) {
    const owner = `glossary/choices.toml: advice ${advice.id}`;
    require(owner, 'terms', advice.terms, termIds);
    require(owner, 'rules', advice.rules, ruleIds);
    if (advice.snippet !== undefined) require(owner, 'snippet', [advice.snippet], snippetIds);
  }
}

/** package.json with one setting per rule under `lockset.rules`; undefined where that setting is not declared. */
function packageWithSettings(before) {
  if (before === undefined) return undefined;
  const manifest = JSON.parse(before);
  const sections = [manifest.contributes?.configuration ?? []].flat();
  const setting = sections.map((section) => section.properties?.['lockset.rules']).find(Boolean);
  if (!setting) return undefined;
  const wanted = Object.fromEntries(rules.map((rule) => [rule.id, { type: 'string', enum: SEVERITIES, default: rule.severity, description: rule.summary }]));
  if (JSON.stringify(setting.properties) === JSON.stringify(wanted)) return undefined;
  setting.properties = wanted;
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The markdown pages of a folder with their TOML front matter. */
function pages(folder) {
  return filesIn(folder, '.md')
    .filter((file) => basename(file) !== 'README.md')
    .map((file) => {
      const match = readFileSync(join(root, file), 'utf8')
        .replace(/\r\n/g, '\n')
        .match(/^\+\+\+\n([\s\S]*?)\n\+\+\+\n([\s\S]*)$/);
      const title = basename(file, '.md');
      if (!match) problems.push(`${file}: no front matter between +++ lines`);
      if (!ID.test(title)) problems.push(`${file}: the name is not lower-case words joined by hyphens`);
      return { file, title, front: match ? toml(file, match[1]) : {}, body: match?.[2] ?? '' };
    });
}

/** Cuts a page at its second-level headings, which must be `wanted`, in that order; fences must name a known language. */
function split(file, body, wanted) {
  const sections = new Map();
  let heading;
  let fence;
  const lines = new Map([[undefined, []]]);
  for (const line of body.split('\n')) {
    if (line.startsWith('```')) {
      if (fence === undefined && !FENCE.test(line.slice(3))) problems.push(`${file}: unknown fence "${line}"`);
      fence = fence === undefined ? line : undefined;
    }
    if (fence === undefined && line.startsWith('## ')) {
      heading = line.slice(3).trim();
      lines.set(heading, []);
    } else {
      lines.get(heading).push(line);
    }
  }
  if (fence !== undefined) problems.push(`${file}: a fence is not closed`);
  for (const [name, content] of lines) if (name !== undefined) sections.set(name, content.join('\n').trim());
  if ([...sections.keys()].join('|') !== wanted.join('|')) problems.push(`${file}: its headings are not ${wanted.join(', ')}`);
  for (const [name, content] of sections) if (content === '') problems.push(`${file}: "${name}" is empty`);
  return { intro: lines.get(undefined).join('\n').trim(), sections };
}

function filesIn(folder, ending) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(ending))
    .sort(compare)
    .map((name) => relative(root, join(path, name)).replaceAll('\\', '/'));
}

function toml(file, source) {
  try {
    return parse(source);
  } catch (error) {
    problems.push(`${file}: ${String(error.message).split('\n')[0]}`);
    return {};
  }
}

function known(file, front, keys) {
  for (const key of Object.keys(front)) if (!keys.includes(key)) problems.push(`${file}: unknown key "${key}"`);
}

function text(file, front, key) {
  if (typeof front[key] === 'string' && front[key].trim() !== '') return front[key];
  problems.push(`${file}: no "${key}"`);
  return '';
}

function texts(file, front, key) {
  const value = front[key] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  problems.push(`${file}: "${key}" is not an array of texts`);
  return [];
}

/** One item a line, so that a change to one shows as one. */
function list(items) {
  return `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]\n`;
}

/** Order by code unit: the same on every machine. */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What each kind of fix does, and which rules offer it. */
async function readFixes() {
  const [{ FIX_KINDS }, { RULES }] = await Promise.all([importTypeScript('../server/rules/fix-intent.ts'), importTypeScript('../server/rules/registry.ts')]);
  return RULES.flatMap(({ id, fixes }) => fixes.map((kind) => ({ rule: id, ...FIX_KINDS[kind] })));
}

/** Loads a TypeScript module of this project that imports nothing from npm. */
async function importTypeScript(path) {
  const result = await build({ entryPoints: [join(here, path)], bundle: true, write: false, format: 'esm', platform: 'neutral', logLevel: 'silent' });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString('base64')}`);
}
