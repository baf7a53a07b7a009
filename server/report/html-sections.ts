// The sections of the report page, each from its part of the data.
import { lockGraph } from './html-lock-graph';
import { html, NOTHING, type PlaceStyle, placeElement, type Raw, sourceElement } from './html-text';
import { firstSentence } from './message-parts';
import { counted, displayPath } from './plain-text';
import { checksOf, lockPairs } from './report-checks';
import type { ReportedFinding } from './reported-finding';
import type { ReportLock, ReportLockOrder, ReportRoot, ReportSharedPlace, WorkspaceReport } from './workspace-report';

/** More than this of one kind makes a page that nobody reads and browsers are slow with; how many are left out is said. */
const MAXIMUM_ROWS = 400;

export function tiles(report: WorkspaceReport): Raw {
  const severities = (['error', 'warning', 'information', 'hint'] as const).map((severity) => {
    const count = report.findings.filter((finding) => finding.severity === severity).length;
    const label = severity === 'information' ? 'information' : count === 1 ? severity : `${severity}s`;
    return count > 0 ? html`<li class="${severity}"><b>${count}</b><span>${label}</span></li>` : NOTHING;
  });
  const tile = (count: number, one: string, many = `${one}s`) => html`<li><b>${count}</b><span>${count === 1 ? one : many}</span></li>`;
  const { files, functions } = report.counts;
  const roots = report.roots.filter((root) => root.kind !== 'main').length;
  return html`<ul class="tiles">${report.findings.length === 0 ? tile(0, 'finding') : severities}${tile(roots, 'thread root')}${tile(report.shared.length, 'shared place')}${tile(report.locks.length, 'lock')}${tile(files, 'file')}${tile(functions, 'function')}</ul>`;
}

export function checklist(report: WorkspaceReport): Raw {
  const mark = { good: '✓', bad: '✗', hint: 'i', idle: '–' };
  const say = { good: 'in order', bad: 'findings', hint: 'hints', idle: 'nothing to check' };
  return html`<ul class="checks">${checksOf(report).map(({ state, title, detail }) => html`<li class="${state}"><span class="mark" role="img" aria-label="${say[state]}">${mark[state]}</span><span><b>${title}</b>: ${detail}</span></li>`)}</ul>`;
}

export function findings(report: WorkspaceReport, style: PlaceStyle): Raw {
  if (report.findings.length === 0) return html`<p>None. What the analysis could not see is not claimed to be safe.</p>`;
  return html`${capped(report.findings, (finding) => findingCard(finding, style))}`;
}

function findingCard(finding: ReportedFinding, style: PlaceStyle): Raw {
  const [first, rest] = firstSentence(finding.message);
  const related = finding.related.map((step) => html`<li>${step.message} ${placeElement(step, style)}${sourceElement(step, style)}</li>`);
  const fixes = finding.fixes.map((fix) => html`<p class="fixes">Quick fix: <b>${fix.title}</b> (${fix.safety})</p>`);
  return html`<article class="finding ${finding.severity}"><header><span class="severity ${finding.severity}">${finding.severity}</span><code>${finding.rule}</code>${placeElement(finding, style)}</header>
<h3>${first}</h3>${rest ? html`<p class="rest">${rest}</p>` : NOTHING}${sourceElement(finding, style)}${related.length > 0 ? html`<ol class="trace">${related}</ol>` : NOTHING}${fixes}</article>`;
}

/** What runs beside the main program, one card each with the shared places it reaches. */
export function roots(report: WorkspaceReport, style: PlaceStyle): Raw {
  const started = [...report.roots].sort((a, b) => Number(a.kind !== 'main') - Number(b.kind !== 'main'));
  return html`<div class="lanes">${capped(started, (root) => rootCard(root, report.shared, style))}</div>`;
}

function rootCard(root: ReportRoot, shared: readonly ReportSharedPlace[], style: PlaceStyle): Raw {
  const reached = shared.filter((place) => place.roots.some(({ id }) => id === root.id));
  const chips = reached.slice(0, 12).map((place) => {
    const state = place.rules.length > 0 ? 'bad' : place.guard ? 'guarded' : '';
    const guard = place.guard ? `guarded by ${place.guard.name}${place.isStated ? ', says its annotation' : ''}` : 'no guard known';
    return html`<li class="chip ${state}" title="${guard}">${place.name}</li>`;
  });
  const more = reached.length > 12 ? html`<li class="chip">${reached.length - 12} more</li>` : NOTHING;
  return html`<section class="lane"><span class="kind">${root.kind}${root.many ? ', several at a time' : ''}</span><h3>${root.name}</h3>
<div>${placeElement(root.location, style)}</div>${root.starts.length > 0 ? html`<div class="quiet">started at ${placeElement(root.starts[0], style)}</div>` : NOTHING}
<div class="quiet">reaches ${counted(root.reaches, 'function')}${reached.length > 0 ? ` and ${counted(reached.length, 'shared place')}` : ''}</div>${reached.length > 0 ? html`<ul class="chips">${chips}${more}</ul>` : NOTHING}</section>`;
}

export function sharedPlaces(shared: readonly ReportSharedPlace[], style: PlaceStyle): Raw {
  return html`<div class="scroll"><table><thead><tr><th>Place</th><th>Guarded by</th><th>Reached by</th><th>Accesses</th></tr></thead><tbody>${capped(shared, (place) => sharedRow(place, style))}</tbody></table></div>`;
}

function sharedRow(place: ReportSharedPlace, style: PlaceStyle): Raw {
  const guard = place.guard
    ? html`<span class="good-text">${place.guard.name}</span>${place.isStated ? ', says its annotation' : ''}`
    : html`<span class="quiet">not known</span>`;
  const rules = place.rules.length > 0 ? html`<div class="bad-text">${place.rules.join(', ')}</div>` : NOTHING;
  const { accesses: all, writes } = place.counts;
  const lines = place.accesses.slice(0, 40).map((access) => {
    const locks = access.locks.length > 0 ? `with ${access.locks.join(', ')}` : 'no lock';
    return html`<li>${access.write ? html`<span class="write">write</span>` : html`<span class="quiet">read</span>`} ${placeElement(access, style)} in <code>${access.function}</code>, ${locks}</li>`;
  });
  const more = all > 40 ? html`<li class="quiet">and ${all - 40} more</li>` : NOTHING;
  const summary = `${counted(writes, 'write')}, ${counted(all - writes, 'read')}`;
  return html`<tr><td class="name">${place.name}${rules}</td><td class="name">${guard}</td><td class="name">${place.roots.map((root) => html`<div>${root.name}</div>`)}</td><td><details><summary>${summary}</summary><ul>${lines}${more}</ul></details></td></tr>`;
}

export function locks(all: readonly ReportLock[], style: PlaceStyle): Raw {
  const row = (lock: ReportLock) =>
    html`<tr><td class="name">${lock.name}</td><td class="name">${lock.type}</td><td>${placeElement(lock.location, style)}</td><td class="number">${lock.acquisitions.length}</td><td class="name">${lock.guards.map(({ name }) => name).join(', ')}</td></tr>`;
  return html`<div class="scroll"><table><thead><tr><th>Lock</th><th>Type</th><th>Where</th><th>Taken</th><th>Guards</th></tr></thead><tbody>${capped(all, row)}</tbody></table></div>`;
}

export function lockOrder(order: readonly ReportLockOrder[], style: PlaceStyle): Raw {
  const row = (pair: ReportLockOrder) =>
    html`<tr><td class="name">${pair.first.name}</td><td class="name">${pair.second.name}</td><td>${pair.inverted ? html`<span class="bad-text">in both orders</span>` : html`<span class="good-text">always</span>`}</td><td><ul>${pair.chains.slice(0, 12).map((chain) => html`<li>${placeElement(chain[chain.length - 1], style)}</li>`)}</ul></td></tr>`;
  return html`${lockGraph(order)}<div class="scroll"><table><thead><tr><th>Held</th><th>Then taken</th><th>In this order</th><th>Where</th></tr></thead><tbody>${capped(lockPairs(order), row)}</tbody></table></div>`;
}

export function skipped(report: WorkspaceReport, style: PlaceStyle): Raw {
  return html`<ul>${capped(report.skipped, ({ file, reason }) => html`<li><code>${displayPath(file, style.relativeTo)}</code>: ${reason}</li>`)}</ul>`;
}

function capped<Item>(items: readonly Item[], render: (item: Item) => Raw): readonly Raw[] {
  const shown = items.slice(0, MAXIMUM_ROWS).map(render);
  return items.length > MAXIMUM_ROWS ? [...shown, html`<p class="quiet">and ${items.length - MAXIMUM_ROWS} more; the JSON report lists all</p>`] : shown;
}
