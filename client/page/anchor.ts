// The place in the page that a person looks at, by something that is known again when the page has changed.

export interface Anchor {
  readonly id: string;
  /** How far below the upper edge of the view it begins; negative above it. */
  readonly top: number;
}

/** The first thing in view that has an id; undefined at the top of the page, where people want to be at the top of the new one, too. */
export function anchorIn(root: HTMLElement): Anchor | undefined {
  if (window.scrollY < 8) return undefined;
  // What sticks to the top of the view is no part of the text, so the search begins below it.
  for (let y = 60; y < window.innerHeight; y += 20) {
    const found = document.elementFromPoint(window.innerWidth / 2, y)?.closest('[id]');
    if (found && found !== root && root.contains(found)) return { id: found.id, top: found.getBoundingClientRect().top };
  }
  return undefined;
}

/** Scrolls so that an anchor is where it was, if it is still there. */
export function bringBack(anchor: Anchor | undefined): void {
  const element = anchor && document.getElementById(anchor.id);
  if (element) window.scrollBy({ top: element.getBoundingClientRect().top - anchor.top, behavior: 'instant' });
}

/** The same on a page that has just been made: what comes into view gets its true size only then, and moves the rest. */
export function bringBackSlowly(anchor: Anchor | undefined, frames = 8): void {
  bringBack(anchor);
  if (anchor && frames > 0) requestAnimationFrame(() => bringBackSlowly(anchor, frames - 1));
}
