// The findings on the report page, with what filters them.
import { FAMILIES } from '../rules/finding';
import { hashText } from '../text/hash';
import { anchorOf, name, number, type PageContext, told } from './html-parts';
import { schedule } from './html-schedule';
import { html, NOTHING, type PlaceStyle, placeElement, type Raw, sourceElement } from './html-text';
import { firstSentence } from './message-parts';
import { displayPath } from './plain-text';
import { checksOf } from './report-checks';
import { folderOf, SEVERITIES, summaryOf } from './report-summary';
import type { ReportedFinding } from './reported-finding';

/** Up to this many are open from the start; more are a list to choose from. */
const MOST_OPEN = 8;
const LINES_AROUND = 2;

/** The filter and all findings, the loudest first. */
export function findingsSection(context: PageContext): Raw {
  const { report, style } = context;
  if (report.findings.length === 0) return html`<p>None. What the analysis could not see is not claimed to be safe.</p>`;
  const fresh = report.change && new Set(report.change.fresh);
  const ids = idsOf(report.findings);
  const isOpen = report.findings.length <= MOST_OPEN;
  const cards = SEVERITIES.flatMap((severity) =>
    report.findings.flatMap((finding, index) =>
      finding.severity === severity ? [findingCard(finding, { id: ids[index], isOpen, isNew: fresh?.has(index) === true, style })] : [],
    ),
  );
  return html`${filter(context)}<div id="finding-list">${cards}</div>`;
}

/** Stays the same while a finding says the same, so that a link to it keeps its meaning and a page that is shown anew its place. */
function idsOf(findings: readonly ReportedFinding[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ rule, file, symbol, message }) => {
    const id = `finding-${hashText(JSON.stringify([rule, file, symbol, message]))}`;
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    return times === 1 ? id : `${id}-${times}`;
  });
}

interface CardOptions {
  readonly id: string;
  readonly isOpen: boolean;
  readonly isNew: boolean;
  readonly style: PlaceStyle;
}

/** What is loud enough to be read at a glance stands in the line that opens the rest. */
function findingCard(finding: ReportedFinding, { id, isOpen, isNew, style }: CardOptions): Raw {
  const { severity, rule, family, symbol, interleaving } = finding;
  const [first, rest] = firstSentence(finding.message);
  const path = displayPath(finding.file, style.relativeTo);
  const line = html`<span class="where"><span data-told="path">${path}</span>:${number('line', finding.range.start.line + 1)}</span>`;
  const mark = isNew ? html`<span class="new">new</span>` : NOTHING;
  return html`<article class="finding ${severity}" id="${id}" data-severity="${severity}" data-rule="${rule}" data-family="${family}" data-folder="${folderOf(path)}"${isNew ? html` data-flags="new"` : NOTHING}>
<details id="${id}-details"${isOpen ? html` open` : NOTHING}><summary><span class="severity ${severity}">${severity}</span>${mark}<h3 data-told="first">${first}</h3>${line}</summary>
<div class="body">${rest ? html`<p class="rest" data-told="rest">${rest}</p>` : NOTHING}
<p class="facts">${placeElement(finding, style)}${symbol ? html` in ${name('symbol', symbol)}` : NOTHING}, rule ${ruleButton(rule)}, family ${told('family', family)}</p>
${sourceElement(finding, style, LINES_AROUND)}${trace(finding, style)}${interleaving ? schedule(interleaving, style) : NOTHING}${fixes(finding)}
<p class="quiet">To accept it, write <code>lockset: allow(<span data-told="rule">${rule}</span>) <i>reason</i></code> in a comment on its line or the line above.</p></div></details></article>
`;
}

/** Opens the page of the rule in place; a browser does so without a script. */
export function ruleButton(rule: string): Raw {
  return html`<button type="button" class="rule" popovertarget="${anchorOf('rule', rule)}" data-told="rule">${rule}</button>`;
}

function trace({ related }: ReportedFinding, style: PlaceStyle): Raw {
  if (related.length === 0) return NOTHING;
  const steps = related.map((step) => html`<li>${told('related', step.message)} ${placeElement(step, style)}${sourceElement(step, style)}</li>`);
  return html`<h4>Where it shows</h4><ol class="trace">${steps}</ol>`;
}

function fixes(finding: ReportedFinding): Raw {
  if (finding.fixes.length === 0) return NOTHING;
  return html`<h4>Quick fixes</h4><ul class="fixes">${finding.fixes.map(({ title, safety }) => html`<li>${told('fix', title)} <span class="quiet">(${safety})</span></li>`)}</ul>`;
}

/** What a script filters by; without one it stays hidden. */
function filter({ report, style }: PageContext): Raw {
  const { bySeverity, byRule, byFolder, byFamily } = summaryOf(report, style.relativeTo);
  const option = (value: string, label: string, key: string, count: number) =>
    html`<option value="${value}" data-count="${key}" data-of="${value}" data-value="${count}">${label} (${count})</option>`;
  const options = (key: string, counts: readonly { readonly name: string; readonly count: number }[]) =>
    counts.map(({ name: value, count }) => option(value, value, key, count));
  const checks = checksOf(report).filter(({ findings }) => findings > 0);
  const families = FAMILIES.flatMap((family) => byFamily.filter((each) => each.name === family));
  const severities = bySeverity.map(
    ({ name: value, count }) =>
      html`<label class="choice"><input type="checkbox" id="finding-severity-${value}" name="severity" value="${value}" checked> ${value} <span class="quiet" data-count="by-severity" data-of="${value}">${count}</span></label>`,
  );
  const newOnly = report.change ? html`<label class="choice"><input type="checkbox" id="finding-new" name="flags" value="new"> new only</label>` : NOTHING;
  return html`<form class="filter" role="search" aria-label="Filter findings" data-filters="finding-list" hidden>
<label>Words <input type="search" id="finding-words" name="words" autocomplete="off" spellcheck="false"></label>
<fieldset><legend>Severity</legend>${severities}</fieldset>
<label>Topic <select id="finding-family" name="family"><option value="">all</option><optgroup label="Checklist">${checks.map((check) => option(check.families.join(' '), check.title, 'by-check', check.findings))}</optgroup><optgroup label="Families">${options('by-family', families)}</optgroup></select></label>
<label>Rule <select id="finding-rule" name="rule"><option value="">all</option>${options('by-rule', byRule)}</select></label>
<label>Folder <select id="finding-folder" name="folder"><option value="">all</option>${options('by-folder', byFolder)}</select></label>
${newOnly}<span class="end"><button type="button" data-open="all">Open all</button> <button type="button" data-open="none">Close all</button> <button type="reset">Show all</button></span>
<output id="finding-shown" class="shown" aria-live="polite" data-one="finding" data-many="findings"></output></form>`;
}
