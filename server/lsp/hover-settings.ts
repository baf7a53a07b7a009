// Which hovers a person wants: the settings `lockset.hover.*`, all of them on unless said otherwise.
import type { HoverKind } from '../report/hover';

const KINDS: readonly HoverKind[] = ['code', 'apis', 'terms', 'rules'];

/** The kinds that the editor's settings leave on; settings are written by people, and some clients send anything. */
export function readHoverSettings(settings: unknown): ReadonlySet<HoverKind> {
  const hover = field(settings, 'hover');
  return new Set(KINDS.filter((kind) => field(hover, kind) !== false));
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
