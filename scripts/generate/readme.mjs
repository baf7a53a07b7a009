// The parts of the README that come from the sources: the tables of rules and of their fixes, and what is known of which library.

/** The README with fresh parts between their marks; undefined where it has none. */
export function readmeOf(before, { rules, terms, models, fixes }) {
  const after = [
    ['rules', rulesTable(rules)],
    ['fixes', fixesTable(fixes)],
    ['glossary', glossaryTable(terms, models)],
  ].reduce((text, [name, content]) => between(text, name, content), before);
  return after === before ? undefined : after;
}

/** The text between `<!-- NAME:start -->` and `<!-- NAME:end -->` replaced, where there are such marks. */
function between(text, name, content) {
  return text?.replace(new RegExp(`(<!-- ${name}:start -->\\n)[\\s\\S]*?(<!-- ${name}:end -->)`), (_all, start, end) => `${start}${content}\n${end}`);
}

function rulesTable(rules) {
  const row = (rule) =>
    `| [${rule.id}](glossary/rules/${rule.id}.md) | ${rule.summary} | ${rule.languages.map((name) => (name === 'python' ? 'Python' : 'TypeScript')).join(', ')} | ${rule.severity} |`;
  const families = [...new Set(rules.map((rule) => rule.family))].sort();
  const sections = families.map((family) => [`| **${family}** | | | |`, ...rules.filter((rule) => rule.family === family).map(row)].join('\n'));
  return `| Rule | What it finds | Languages | Default |\n| --- | --- | --- | --- |\n${sections.join('\n')}`;
}

function fixesTable(fixes) {
  const rows = [...fixes]
    .sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))
    .map(({ rule, does, safety }) => `| [${rule}](glossary/rules/${rule}.md) | ${does} | ${safety} |`);
  return ['| Finding | Fix | Class |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Libraries of which so few APIs are described are not named one by one. */
const FEW = 5;

function glossaryTable(terms, models) {
  const row = (language, title) => {
    const own = models.filter((entry) => entry.language === language);
    const counts = new Map();
    for (const { name } of own) counts.set(libraryOf(name), (counts.get(libraryOf(name)) ?? 0) + 1);
    const shown = [...counts].filter(([, count]) => count >= FEW).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const others = counts.size - shown.length;
    return `| ${title} | ${own.length} | ${shown.map(([library, count]) => `${library} ${count}`).join(', ')}; ${others} more |`;
  };
  return [
    `${terms.length} terms; what is known of which APIs:`,
    '',
    '| Language | APIs | Libraries, built-in types and globals |',
    '| --- | --- | --- |',
    row('python', 'Python'),
    row('typescript', 'TypeScript, JavaScript'),
  ].join('\n');
}

/** `@scope/name` has a slash, and modules of a package count as the package. */
function libraryOf(name) {
  return /^(@[^/]+\/[^/.]+|[^./]+)/.exec(name)?.[1] ?? name;
}
