// Snippets for generate: reads glossary/snippets/*.md and writes what VS Code contributes of them.
import { withoutTypes } from './without-types.mjs';

const PREFIX = /^conc-[a-z0-9]+(?:-[a-z0-9]+)*$/;
const INDENT = { python: 4, typescript: 2 };

/** The snippets of the pages. `page`: the readers that generate.mjs has for front matter; `format`: the module glossary/snippet-body.ts. */
export function readSnippets(pages, { known, text, texts }, format, problems) {
  const owners = new Map();
  return pages.map(({ file, front, title, body }) => {
    known(file, front, ['title', 'description', 'category', 'prefix', 'terms']);
    const snippet = {
      id: title,
      title: text(file, front, 'title'),
      description: text(file, front, 'description'),
      category: text(file, front, 'category'),
      prefix: text(file, front, 'prefix'),
      terms: texts(file, front, 'terms'),
      bodies: {},
    };
    if (!PREFIX.test(snippet.prefix)) problems.push(`${file}: prefix "${snippet.prefix}" is not conc- and words joined by hyphens`);
    if (owners.has(snippet.prefix)) problems.push(`${file}: prefix "${snippet.prefix}" also belongs to ${owners.get(snippet.prefix)}`);
    owners.set(snippet.prefix, file);
    const rest = body.replace(/^```(.*)\n([\s\S]*?)\n```$/gm, (_fence, language, code) => {
      if (!(language in INDENT)) problems.push(`${file}: unknown fence "${language}"`);
      else if (language in snippet.bodies) problems.push(`${file}: two fences in ${language}`);
      else addBodies(snippet.bodies, language, code, format, (fault) => problems.push(`${file}: ${language}: ${fault}`));
      return '';
    });
    if (rest.trim() !== '') problems.push(`${file}: text beside the fences: ${rest.trim().split('\n')[0]}`);
    if (Object.keys(snippet.bodies).length === 0) problems.push(`${file}: no code`);
    return snippet;
  });
}

/** The files that package.json's `contributes.snippets` names: language → their text. */
export function contributedSnippets(snippets) {
  return ['python', 'typescript', 'javascript'].map((language) => {
    const entries = snippets
      .filter(({ bodies }) => language in bodies)
      .map(({ title, prefix, description, bodies }) => [title, { prefix, description, body: bodies[language].split('\n') }]);
    return [`client/snippets/${language}.json`, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`];
  });
}

function addBodies(bodies, language, code, format, fault) {
  const read = format.readBody(code);
  for (const problem of read.problems) fault(problem);
  bodies[language] = withTabs(code, INDENT[language]);
  if (language !== 'typescript') return;
  const { text, holes, problems } = withoutTypes(read);
  for (const problem of problems) fault(problem);
  bodies.javascript = withTabs(format.writeBody(text, holes), INDENT.typescript);
}

/** Indentation as tabs, which editors turn into what the file around it uses. */
function withTabs(code, width) {
  return code.replace(/^ +/gm, (blanks) => '\t'.repeat(Math.floor(blanks.length / width)) + ' '.repeat(blanks.length % width));
}
