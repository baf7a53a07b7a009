// The report page's style: the editor's colours where there are some, and colours of its own, light and dark, elsewhere.

export const STYLE = `
:root {
  color-scheme: light dark;
  --page: var(--vscode-editor-background, #ffffff);
  --ink: var(--vscode-editor-foreground, #1f2328);
  --quiet: var(--vscode-descriptionForeground, #656d76);
  --line: var(--vscode-panel-border, #d9dee4);
  --card: var(--vscode-editorWidget-background, #f6f8fa);
  --link: var(--vscode-textLink-foreground, #0b62c4);
  --code: var(--vscode-textCodeBlock-background, #eff2f5);
  --error: var(--vscode-editorError-foreground, #c62828);
  --warning: var(--vscode-editorWarning-foreground, #a15c00);
  --information: var(--vscode-editorInfo-foreground, #0b62c4);
  --good: var(--vscode-testing-iconPassed, #1a7f37);
  --mono: var(--vscode-editor-font-family, ui-monospace, SFMono-Regular, Menlo, Consolas, monospace);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: var(--vscode-editor-background, #14181d);
    --ink: var(--vscode-editor-foreground, #dfe5ec);
    --quiet: var(--vscode-descriptionForeground, #93a0ad);
    --line: var(--vscode-panel-border, #2c343d);
    --card: var(--vscode-editorWidget-background, #1a2027);
    --link: var(--vscode-textLink-foreground, #6cb2ff);
    --code: var(--vscode-textCodeBlock-background, #212931);
    --error: var(--vscode-editorError-foreground, #ff7b72);
    --warning: var(--vscode-editorWarning-foreground, #e3b341);
    --information: var(--vscode-editorInfo-foreground, #6cb2ff);
    --good: var(--vscode-testing-iconPassed, #56d364);
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 14px/1.5 var(--vscode-font-family, system-ui, -apple-system, "Segoe UI", sans-serif); }
main { max-width: 1080px; margin: 0 auto; padding: 28px 24px 64px; }
h1 { font-size: 24px; line-height: 1.2; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 17px; margin: 40px 0 12px; }
h2 .count { color: var(--quiet); font-weight: 400; margin-left: 6px; }
p { margin: 6px 0; }
.quiet { color: var(--quiet); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(118px, 1fr)); gap: 10px; margin: 20px 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; }
.tiles b { display: block; font-size: 22px; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--quiet); }
.tiles .error b { color: var(--error); }
.tiles .warning b { color: var(--warning); }
.checks { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 8px; }
.checks li { display: flex; gap: 10px; padding: 8px 14px; border-top: 1px solid var(--line); }
.checks li:first-child { border-top: 0; }
.checks .mark { flex: none; width: 1.2em; text-align: center; font-weight: 700; }
.checks .good .mark { color: var(--good); }
.checks .bad .mark { color: var(--error); }
.checks .idle { color: var(--quiet); }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 12px 0 0; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
button.place { all: unset; cursor: pointer; }
.place { font-family: var(--mono); font-size: 12.5px; color: var(--link); overflow-wrap: anywhere; }
span.place { color: var(--quiet); }
button.place:hover, button.place:focus-visible { text-decoration: underline; }
button.place:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
code { font-family: var(--mono); font-size: 12.5px; }
.finding { border: 1px solid var(--line); border-left: 4px solid var(--quiet); border-radius: 8px; padding: 12px 16px; margin: 0 0 12px; background: var(--card); }
.finding.error { border-left-color: var(--error); }
.finding.warning { border-left-color: var(--warning); }
.finding.information { border-left-color: var(--information); }
.finding h3 { margin: 4px 0 2px; font-size: 14.5px; line-height: 1.45; font-weight: 600; }
.finding .rest { margin: 2px 0 8px; white-space: pre-line; }
.finding header { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
.severity { font-weight: 600; }
.error > .severity, .severity.error { color: var(--error); }
.severity.warning { color: var(--warning); }
.severity.information { color: var(--information); }
.severity.hint { color: var(--quiet); }
.source { display: block; background: var(--code); border-radius: 5px; padding: 3px 8px; margin: 3px 0; white-space: pre; overflow-x: auto; }
.source .number { color: var(--quiet); display: inline-block; min-width: 2.6em; padding-right: 1em; text-align: right; user-select: none; }
.source mark { background: none; color: inherit; border-bottom: 2px solid var(--warning); }
.trace { margin: 8px 0 0; padding: 0 0 0 20px; border-left: 0; }
.trace li { margin: 6px 0; padding-left: 4px; }
.trace li::marker { color: var(--quiet); font-variant-numeric: tabular-nums; }
.fixes { margin: 10px 0 0; color: var(--quiet); }
.fixes b { color: var(--ink); font-weight: 600; }
.lanes { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 12px; }
.lane { border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; background: var(--card); min-width: 0; }
.lane h3 { margin: 2px 0; font-size: 14px; font-family: var(--mono); overflow-wrap: anywhere; }
.lane .kind { font-size: 11px; letter-spacing: 0.06em; text-transform: uppercase; color: var(--quiet); }
.chips { display: flex; flex-wrap: wrap; gap: 5px; margin: 8px 0 0; padding: 0; list-style: none; }
.chip { font-family: var(--mono); font-size: 12px; border: 1px solid var(--line); border-radius: 999px; padding: 1px 9px; overflow-wrap: anywhere; }
.chip.guarded { border-color: var(--good); }
.chip.bad { border-color: var(--error); color: var(--error); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 7px 12px 7px 0; border-top: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 500; border-top: 0; white-space: nowrap; }
td.name { font-family: var(--mono); font-size: 12.5px; overflow-wrap: anywhere; }
td ul { list-style: none; margin: 4px 0 0; padding: 0; }
td li { margin: 2px 0; }
td.number { font-variant-numeric: tabular-nums; }
.write { color: var(--warning); }
.bad-text { color: var(--error); }
.good-text { color: var(--good); }
summary { cursor: pointer; }
.graph { display: block; margin: 6px 0 14px; font: 12px var(--mono); }
.graph .edge { fill: none; stroke: var(--quiet); stroke-width: 1.5; }
.graph .edge.bad { stroke: var(--error); stroke-width: 2; }
.graph .edge-head { fill: var(--quiet); }
.graph .edge-head.bad { fill: var(--error); }
.graph rect { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
.graph .bad rect { stroke: var(--error); }
.graph text { fill: var(--ink); }
footer { margin-top: 48px; color: var(--quiet); border-top: 1px solid var(--line); padding-top: 12px; }
@media print { .finding, .lane { break-inside: avoid; } }
`;
