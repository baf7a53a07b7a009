// The style of the map in a page. Colours are those of the page, which follow the editor's theme.

export const MAP_STYLE = `
.map { margin: 6px 0 14px; }
.map-bar { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; margin-bottom: 8px; }
.map-bar input[type="search"] { flex: 1 1 180px; min-width: 120px; max-width: 320px; }
.map-bar input[type="search"], .map-bar select, .map-bar button, .map-trail button, .map-around { font: inherit; color: var(--vscode-input-foreground, var(--ink)); background: var(--vscode-input-background, var(--page)); border: 1px solid var(--vscode-input-border, var(--line)); border-radius: 4px; padding: 3px 8px; }
.map-bar button, .map-trail button, .map-around { cursor: pointer; }
.map-bar label { display: inline-flex; gap: 5px; align-items: center; white-space: nowrap; }
.map-kinds { display: inline-flex; flex-wrap: wrap; gap: 4px 12px; }
.map-looks { display: inline-flex; gap: 4px; margin-left: auto; }
.map :is(input, select, button, summary):focus-visible { outline: 2px solid var(--vscode-focusBorder, var(--link)); outline-offset: 1px; }
.map-trail { margin-bottom: 8px; }
.map-trail[hidden] { display: none; }
.map-trail button { border: 0; background: none; padding: 0; color: var(--link); }
.map-around { font-size: 11px; padding: 0 6px; color: var(--quiet); }
.map-frame { border: 1px solid var(--vscode-contrastBorder, var(--line)); border-radius: 8px; overflow: hidden; background: var(--page); }
.map-picture { display: block; width: 100%; touch-action: pan-y; cursor: grab; font: 12px var(--mono); user-select: none; }
.map-picture:active { cursor: grabbing; }
.map-cluster rect { fill: var(--card); stroke: var(--vscode-contrastBorder, var(--line)); }
.map-cluster text { fill: var(--quiet); }
.map-node { cursor: pointer; outline: none; }
.map-shape { fill: var(--page); stroke: var(--quiet); stroke-width: 1.2; stroke-linejoin: round; }
.map-node.map-root .map-shape { stroke: var(--information); stroke-width: 1.8; }
.map-node.map-place .map-shape { stroke: var(--ink); }
.map-node.map-place.unguarded .map-shape { stroke: var(--warning); stroke-dasharray: 5 3; stroke-width: 1.6; }
.map-node.map-lock .map-shape { stroke: var(--good); stroke-width: 1.8; }
.map-node.map-group .map-shape { fill: var(--card); }
.map-node:hover .map-shape, .map-node.near .map-shape { fill: var(--code); }
.map-node:focus-visible .map-shape { stroke: var(--vscode-focusBorder, var(--link)); stroke-width: 3; stroke-dasharray: none; }
.map-label { fill: var(--ink); }
.map-label.below { fill: var(--quiet); font-size: 10px; }
.map-badge { fill: var(--error); }
.map-badge-text { fill: var(--page); font-size: 10px; font-weight: 700; }
.map-handle circle { fill: transparent; stroke: none; }
.map-handle path { stroke: var(--quiet); stroke-width: 1.4; fill: none; opacity: 0.45; }
.map-node:is(:hover, :focus-visible) .map-handle path { opacity: 1; }
.map-handle:hover circle { fill: var(--line); }
.map-edge { fill: none; stroke: var(--quiet); stroke-width: 1; opacity: 0.75; }
.map-edge.map-calls, .map-edge.map-runs { opacity: 0.45; }
.map-edge.map-writes, .map-edge.map-order { stroke-width: 2; }
.map-edge.map-starts { stroke: var(--information); stroke-dasharray: 2 3; stroke-width: 1.6; }
.map-edge.map-takes, .map-edge.map-guards { stroke: var(--good); }
.map-edge.map-guards { stroke-dasharray: 1 4; stroke-width: 2; stroke-linecap: round; }
.map-edge.bad { stroke: var(--error); stroke-dasharray: 7 4; stroke-width: 2; opacity: 1; }
.map-edge.map-order.bad { stroke-dasharray: none; }
.map-picture.lit .map-edge { opacity: 0.12; }
.map-picture.lit .map-edge.near { opacity: 1; }
.map-picture.lit .map-node:not(.near) { opacity: 0.5; }
.map-head { fill: var(--quiet); }
.map-head.bad { fill: var(--error); }
.map-said { margin: 6px 0; }
.map-legend ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 6px 0; }
.map-legend li { display: inline-flex; gap: 6px; align-items: center; }
@media (forced-colors: active) {
  .map-picture, .map-sample { forced-color-adjust: none; }
  .map-node .map-shape { fill: Canvas !important; stroke: CanvasText !important; }
  .map-node:is(:hover, .near) .map-shape { stroke-width: 3; }
  .map-node:focus-visible .map-shape { stroke: Highlight !important; }
  .map-cluster rect { fill: Canvas; stroke: GrayText; }
  .map-label, .map-label.below, .map-cluster text { fill: CanvasText; }
  .map-badge { fill: Highlight; }
  .map-badge-text { fill: HighlightText; }
  .map-edge, .map-edge:is(.map-starts, .map-takes, .map-guards), .map-handle path { stroke: CanvasText; }
  .map-edge.bad { stroke: Highlight; stroke-width: 3; }
  .map-head { fill: CanvasText; }
  .map-head.bad { fill: Highlight; }
}
@media print {
  .map-bar, .map-legend, .map-handle { display: none; }
  .map-picture { height: auto; max-height: 240mm; }
  .map-frame { break-inside: avoid; }
}
`;
