// The style of the report page, on top of what pages have in common.
import { FINDING_STYLE } from './html-finding-style';
import { MAP_STYLE } from './map-style';

const FRAME = `
html { scroll-padding-top: 3.5rem; }
.skip { position: absolute; left: -999px; padding: 6px 12px; background: var(--page); z-index: 3; }
.skip:focus { left: 8px; top: 8px; }
.report .top, .report main, nav.sections { padding-left: clamp(12px, 3vw, 32px); padding-right: clamp(12px, 3vw, 32px); }
.report .top { padding-top: 24px; padding-bottom: 8px; overflow-wrap: anywhere; }
.report main { max-width: 1280px; margin: 0; padding-top: 8px; min-width: 0; }
.report main:focus { outline: 0; }
nav.sections { position: sticky; top: 0; z-index: 2; margin: 0; background: var(--page); border-bottom: 1px solid var(--line); }
nav.sections ul { list-style: none; margin: 0; padding: 6px 0; display: flex; flex-wrap: wrap; gap: 0 16px; }
nav.sections a { display: block; padding: 3px 0; color: var(--ink); white-space: nowrap; }
nav.sections a[aria-current] { color: var(--link); box-shadow: inset 0 -2px var(--link); }
.count { color: var(--quiet); font-weight: 400; font-variant-numeric: tabular-nums; }
@media (max-width: 1199px) {
  nav.sections ul { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: thin; }
}
@media (min-width: 1200px) {
  html { scroll-padding-top: 1rem; }
  .report { display: grid; grid-template-columns: 232px minmax(0, 1fr); grid-template-rows: auto 1fr; }
  .report .top { grid-column: 1 / -1; }
  nav.sections { align-self: start; max-height: 100vh; overflow-y: auto; border: 0; padding-right: 8px; }
  nav.sections ul { display: block; }
  nav.sections a { display: flex; justify-content: space-between; gap: 8px; padding: 5px 10px; white-space: normal; border-radius: 5px; }
  nav.sections a:hover { background: var(--card); text-decoration: none; }
  nav.sections a[aria-current] { box-shadow: inset 3px 0 var(--link); }
}
main > section > details > summary { list-style-position: inside; }
main > section h2 { display: inline-block; margin: 0; }
main > section { margin: 24px 0 0; }
main > section > details > summary { margin: 0 0 10px; padding: 4px 0; }
h3 { font-size: 14.5px; margin: 18px 0 6px; }
h4 { font-size: 13px; margin: 12px 0 4px; font-weight: 600; }
ul.plain { list-style: none; margin: 0; padding: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(118px, 1fr)); gap: 10px; margin: 4px 0 16px; padding: 0; list-style: none; max-width: 1040px; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; }
.tiles b { display: block; font-size: 22px; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--quiet); }
.tiles .error b { color: var(--error); }
.tiles .warning b { color: var(--warning); }
.tiles .information b { color: var(--information); }
.bars { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 18px 36px; }
.block h3 { margin: 0 0 6px; }
.bars .block li:has(> .bar) { display: grid; grid-template-columns: minmax(0, 1fr) 25% 5.5em; gap: 10px; align-items: center; padding: 2px 0; }
.bars .label { overflow-wrap: anywhere; }
.bars .value { color: var(--quiet); font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { display: block; width: 100%; height: 8px; border-radius: 4px; background: var(--code); }
.bar .part { fill: var(--link); }
.bar.guard .part { fill: var(--good); }
.bar.guard .rest { fill: var(--error); }
.checks { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 8px; }
.checks li { display: flex; gap: 10px; padding: 8px 14px; border-top: 1px solid var(--line); }
.checks li:first-child { border-top: 0; }
.checks .mark { flex: none; width: 1.2em; text-align: center; font-weight: 700; }
.checks .good .mark { color: var(--good); }
.checks .bad .mark { color: var(--error); }
.checks .hint .mark { color: var(--information); }
.checks .idle { color: var(--quiet); }
.checks a, p a, .block li a { text-decoration: underline; }
.filter { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; margin: 0 0 12px; padding: 10px 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
.filter[hidden] { display: none; }
.filter fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
.filter legend { padding: 0; float: left; width: 100%; }
.filter legend, .filter label:not(.choice) { color: var(--quiet); font-size: 12.5px; }
.filter .choice { white-space: nowrap; margin-right: 8px; line-height: 30px; }
.filter input[type=search], .filter select { display: block; font: inherit; font-size: 14px; height: 30px; padding: 0 8px; width: 180px; max-width: 100%; color: var(--vscode-input-foreground, var(--ink)); background: var(--vscode-input-background, var(--page)); border: 1px solid var(--vscode-input-border, var(--quiet)); border-radius: 5px; }
.filter button { font: inherit; height: 30px; padding: 0 10px; color: var(--ink); background: var(--page); border: 1px solid var(--line); border-radius: 5px; cursor: pointer; }
.filter .shown { flex-basis: 100%; color: var(--quiet); }
.filter .shown:empty { display: none; }
`;

// Rows are no table to the browser's layout, so that in long lists it can leave out those that are not in view. Screen readers know
// them as one, but in a long list only what is near the view.
const ROWS = `
.rows, .rows caption, .rows thead, .rows tbody, .rows th, .rows td { display: block; }
.rows tr { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 0 18px; }
.roots tr { grid-template-columns: 5fr 8fr 3fr 2.5fr 4fr; }
#lock-table tr { grid-template-columns: 5fr 3.5fr 2fr 4fr 5fr 5.5fr; }
.rows tr.more { display: block; }
table caption { text-align: left; color: var(--quiet); padding: 0 0 6px; }
.rows.long tbody { content-visibility: auto; contain-intrinsic-size: auto 60px; }
.rows tbody { border-top: 1px solid var(--line); padding: 6px 4px; margin: 0 -4px; }
.rows tbody[hidden], .group:not(:has(tbody:not([hidden]))) { display: none; }
.rows th, .rows td { border: 0; padding: 2px 0; min-width: 0; overflow-wrap: anywhere; }
.rows tbody:target { background: var(--card); }
.rows thead th button { all: unset; cursor: pointer; color: inherit; }
.rows thead th button:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.rows thead th button::after { content: " ↕" / ""; color: var(--quiet); }
.rows thead th[aria-sort=ascending] button::after { content: " ↑" / ""; }
.rows thead th[aria-sort=descending] button::after { content: " ↓" / ""; }
.name { font-family: var(--mono); font-size: 12.5px; overflow-wrap: anywhere; }
.rows tbody th .name { font-weight: 600; }
.rows td li + li { margin-top: 2px; }
#shared-table tr { grid-template-columns: 6fr 5fr 4fr 6fr 5fr; }
.accesses, .trace { margin: 6px 0 0; }
.accesses { list-style: none; padding: 0 0 0 12px; }
.accesses li, .trace li { margin: 6px 0; }
.accesses li.breaks { border-left: 3px solid var(--error); padding-left: 9px; margin-left: -12px; }
.write { color: var(--warning); font-weight: 600; }
.read { color: var(--quiet); }
.bad-text { color: var(--error); }
.good-text { color: var(--good); }
@media screen and (max-width: 719px) {
  .filter label:not(.choice), .filter input[type=search], .filter select { width: 100%; }
  .rows thead { position: absolute; clip-path: inset(50%); }
  .rows tr { display: block; }
  .rows tbody { border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; margin: 0 0 8px; contain-intrinsic-size: auto 150px; }
  .rows td[data-title]::before { content: attr(data-title) ": "; color: var(--quiet); }
  .rows td[data-title]:has(.bar)::before { content: attr(data-title); }
  .rows td .bar { max-width: 220px; }
}
`;

const ELSEWHERE = `
.drawing:empty { display: none; }
@media not (scripting: none) { .no-script { display: none; } }
@media (scripting: none) { button.place { cursor: text; } .drawing { display: none; } }
#rules > h2 { margin-top: 28px; }
#rules > .card { border: 1px solid var(--line); border-radius: 8px; padding: 8px 20px 16px; margin: 12px 0; background: var(--page); color: var(--ink); }
#rules .card h2 { font-size: 18px; margin: 8px 0 4px; }
#rules .card h3 { font-size: 14.5px; margin: 16px 0 4px; }
@supports selector(:popover-open) {
  @media screen {
    #rules { display: contents; }
    #rules > h2 { display: none; }
    #rules > .card { position: fixed; inset: 0; margin: auto; width: min(46em, calc(100vw - 24px)); max-height: calc(100vh - 48px); overflow: auto; box-shadow: 0 8px 40px rgb(0 0 0 / 35%); }
    #rules > .card::backdrop { background: rgb(0 0 0 / 25%); }
  }
}
.toast { position: fixed; inset: auto 16px 16px auto; margin: 0; padding: 8px 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: var(--ink); max-width: calc(100vw - 32px); overflow-wrap: anywhere; }
@media (forced-colors: active) {
  .source { border: 1px solid CanvasText; }
  .source mark { background: Mark; color: MarkText; }
  button.place, button.rule, .rows thead th button { color: LinkText; }
  .bar { border: 1px solid CanvasText; forced-color-adjust: none; background: Canvas; }
  .bar .part, .bar.guard .part { fill: CanvasText; }
  .bar.guard .rest { fill: Canvas; }
  nav.sections a[aria-current] { text-decoration: underline; }
}
@media print {
  @page { margin: 16mm 14mm; }
  :root { --page: #fff; --ink: #000; --quiet: #444; --line: #bbb; --card: #fff; --link: #000; --code: #f2f2f2; --error: #a01010; --warning: #7a5200; --information: #0a4a90; --good: #14602a; color-scheme: light; }
  body { font-size: 10.5pt; }
  .rows, .finding .body { font-size: 8.5pt; }
  code, .name, .place, button.place, button.rule, .finding .where { font-size: 7.5pt; }
  .rows tr { gap: 0 10px; }
  .finding h3 { font-size: 10pt; }
  h4 { font-size: 8.5pt; }
  .report { display: block; }
  nav.sections, .filter, .skip, .toast, .rows thead th button::after, .map-list:not([open]) { display: none !important; }
  .finding .body, .rows tbody { content-visibility: visible !important; }
  details:not(.map *)::details-content { content-visibility: visible; display: block; block-size: auto; }
  summary { list-style: none; }
  .finding, .rows tbody, .block, .checks li { break-inside: avoid; }
  h2, h3, h4, thead { break-after: avoid; }
  #rules > h2, #rules > .card { display: block; }
  #rules > .card { position: static; border: 0; border-top: 1px solid var(--line); padding: 8px 0; border-radius: 0; }
  a::after { content: none; }
}
`;

export const REPORT_STYLE = FRAME + ROWS + FINDING_STYLE + MAP_STYLE + ELSEWHERE;
