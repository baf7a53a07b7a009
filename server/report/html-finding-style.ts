// The style of findings and of what they are made of: places, source lines, traces and schedules.

export const FINDING_STYLE = `
button.place, button.rule { all: unset; cursor: pointer; color: var(--link); font-family: var(--mono); font-size: 12.5px; overflow-wrap: anywhere; }
button.place:hover, button.rule:hover { text-decoration: underline; }
button.place:focus-visible, button.rule:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.place { font-family: var(--mono); font-size: 12.5px; overflow-wrap: anywhere; }
span.place { color: var(--quiet); }
.finding { border: 1px solid var(--line); border-left: 4px solid var(--quiet); border-radius: 8px; margin: 0 0 8px; background: var(--card); }
.finding.error { border-left-color: var(--error); }
.finding.warning { border-left-color: var(--warning); }
.finding.information { border-left-color: var(--information); }
.finding:target { outline: 2px solid var(--focus); }
.finding summary { padding: 9px 16px; list-style-position: outside; }
.finding > details > summary { padding-left: 6px; margin-left: 24px; }
.finding h3 { display: inline; margin: 0; font-size: 14.5px; font-weight: 600; overflow-wrap: anywhere; }
.finding .where { display: block; color: var(--quiet); font-family: var(--mono); font-size: 12.5px; overflow-wrap: anywhere; }
.finding .body { padding: 0 16px 12px 30px; content-visibility: auto; contain-intrinsic-size: auto 500px; }
.finding .rest { white-space: pre-line; margin: 0 0 8px; overflow-wrap: anywhere; }
.finding .facts { color: var(--quiet); }
.severity { font-weight: 600; margin-right: 8px; }
.severity.error { color: var(--error); }
.severity.warning { color: var(--warning); }
.severity.information { color: var(--information); }
.severity.hint { color: var(--quiet); }
.new { border: 1px solid currentColor; border-radius: 999px; padding: 0 7px; margin-right: 8px; font-size: 12px; color: var(--good); }
.source { display: block; background: var(--code); border-radius: 5px; padding: 4px 8px; margin: 4px 0; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; color: var(--ink); }
.source .line { display: block; position: relative; padding-left: 3.4em; min-height: 1.5em; }
.source .line::before { content: attr(data-line); position: absolute; left: 0; width: 2.8em; text-align: right; color: var(--quiet); }
.source mark { background: none; color: inherit; border-bottom: 2px solid var(--warning); }
.trace { padding-left: 22px; }
.trace li::marker { color: var(--quiet); }
.fixes { margin: 0; padding-left: 22px; }
.schedule { table-layout: fixed; margin: 14px 0 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--page); border-collapse: separate; border-spacing: 0; }
.schedule caption { font-weight: 600; color: var(--ink); font-size: 13px; }
.schedule th, .schedule td { padding: 6px 10px; }
.schedule thead th { color: var(--ink); font-weight: 600; overflow-wrap: anywhere; border-bottom: 1px solid var(--line); }
.schedule thead th:first-child, .schedule tbody th { width: 4.4em; color: var(--quiet); text-align: right; }
.schedule tbody tr:first-child > * { border-top: 0; }
.schedule .side-0 { border-left: 3px solid var(--link); }
.schedule .side-1 { border-left: 3px solid var(--side); }
.schedule .outcome td { border-top: 2px solid var(--error); }
.schedule .outcome b { color: var(--error); margin-right: 4px; }
.schedule { --side: var(--vscode-charts-purple, #a04a9c); }
@media (prefers-color-scheme: dark) { .schedule { --side: var(--vscode-charts-purple, #d79bd3); } }
@media (max-width: 559px) {
  .finding .body { padding: 0 10px 10px; }
  .schedule, .schedule tbody, .schedule tr, .schedule td { display: block; }
  .schedule caption { display: block; padding: 0 0 4px; }
  .schedule thead, .schedule td:empty { display: none; }
  .schedule tbody tr { position: relative; }
  .schedule tbody th { position: absolute; width: auto; padding: 6px; border: 0; }
  .schedule tbody td[data-title] { margin-left: 1.8em; }
  .schedule tbody td.side-1 { margin-left: 3.6em; }
  .schedule td[data-title]::before { content: attr(data-title); display: block; font-weight: 600; font-size: 12px; color: var(--quiet); }
}
`;
