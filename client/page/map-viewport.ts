// The window through which a picture is seen: dragged, zoomed and fitted by its viewBox, so that print and resizing need nothing more.

import type { Box, Size } from './map-arrange';

export interface Window {
  readonly x: number;
  readonly y: number;
  /** Pixels for one unit of the picture. */
  readonly scale: number;
}

export interface Viewport {
  readonly window: () => Window;
  /** Whether all of the picture is in its frame. */
  readonly isWhole: () => boolean;
  /** Shows the whole picture. */
  readonly fit: () => void;
  readonly zoom: (factor: number) => void;
  readonly pan: (dx: number, dy: number) => void;
  /** Moves just so far that a box is seen. */
  readonly reveal: (box: Box) => void;
}

const SCALES = { least: 0.1, most: 3 };
/** A picture is shown no smaller than this at first: what cannot be read is no picture. */
const READABLE = 0.7;
const MARGIN = 16;
const HIGHEST = 680;

/** How large a picture is shown at first: as wide as its frame, if it can be read then. */
function firstScale(size: Size, width: number): number {
  return Math.max(READABLE, Math.min(1, (width - 2 * MARGIN) / size.width));
}

/** How high the frame of a picture should be. */
export function heightOf(size: Size, width: number): number {
  return Math.round(Math.min(size.height * firstScale(size, width) + 2 * MARGIN, HIGHEST));
}

/** Makes a picture of a given size movable. It begins as `start` says, else as wide as its frame. `moved` is told of each change. */
export function viewport(svg: SVGSVGElement, size: Size, start: Window | undefined, moved: () => void): Viewport {
  let now: Window = { x: 0, y: 0, scale: 1 };
  const frame = () => ({ width: Math.max(svg.clientWidth, 1), height: Math.max(svg.clientHeight, 1) });
  const show = ({ x, y, scale }: Window) => {
    const { width, height } = frame();
    // Never so far away that nothing is left to be seen.
    const keep = (at: number, whole: number, part: number) => {
      const left = Math.min(60, whole, part);
      return Math.min(Math.max(at, left - part), whole - left);
    };
    now = { scale, x: keep(x, size.width, width / scale), y: keep(y, size.height, height / scale) };
    svg.setAttribute('viewBox', `${now.x} ${now.y} ${width / scale} ${height / scale}`);
    moved();
  };
  const fitting = () => Math.min((frame().width - 2 * MARGIN) / size.width, (frame().height - 2 * MARGIN) / size.height, 1);
  const centred = (scale: number): Window => ({
    scale,
    x: Math.min(-MARGIN / scale, (size.width - frame().width / scale) / 2),
    y: -MARGIN / scale,
  });
  const zoomAt = (factor: number, px: number, py: number) => {
    const scale = Math.min(Math.max(now.scale * factor, SCALES.least), SCALES.most);
    show({ scale, x: now.x + px / now.scale - px / scale, y: now.y + py / now.scale - py / scale });
  };
  show(start ?? centred(firstScale(size, frame().width)));
  listen(svg, zoomAt, (dx, dy) => show({ ...now, x: now.x - dx / now.scale, y: now.y - dy / now.scale }));
  new ResizeObserver(() => show(now)).observe(svg);
  return {
    window: () => now,
    isWhole: () => size.width * now.scale <= frame().width && size.height * now.scale <= frame().height,
    fit: () => show(centred(Math.max(fitting(), SCALES.least))),
    zoom: (factor) => zoomAt(factor, frame().width / 2, frame().height / 2),
    pan: (dx, dy) => show({ ...now, x: now.x + dx / now.scale, y: now.y + dy / now.scale }),
    reveal: ({ x, y, width, height }) => {
      const { width: wide, height: high } = frame();
      const into = (at: number, part: number, from: number, room: number) => Math.min(Math.max(at, from + part + 8 - room), from - 8);
      show({ ...now, x: into(now.x, width, x, wide / now.scale), y: into(now.y, height, y, high / now.scale) });
    },
  };
}

/** Dragging pans, two fingers and the wheel with Ctrl zoom; the wheel alone scrolls the page, as everywhere else on it. */
function listen(svg: SVGSVGElement, zoomAt: (factor: number, x: number, y: number) => void, pan: (dx: number, dy: number) => void): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let dragged = false;
  svg.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    dragged = false;
  });
  svg.addEventListener('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.clientX - before.x, event.clientY - before.y];
    if (!dragged && Math.hypot(dx, dy) < 4) return;
    // Only now: captured from the start, a press would never reach the node under it.
    if (!dragged) svg.setPointerCapture(event.pointerId);
    dragged = true;
    const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (!other) return pan(dx, dy);
    const { left, top } = svg.getBoundingClientRect();
    const apart = (x: number, y: number) => Math.hypot(x - other.x, y - other.y);
    zoomAt(
      apart(event.clientX, event.clientY) / Math.max(apart(before.x, before.y), 1),
      (event.clientX + other.x) / 2 - left,
      (event.clientY + other.y) / 2 - top,
    );
  });
  for (const end of ['pointerup', 'pointercancel'] as const) svg.addEventListener(end, (event) => pointers.delete(event.pointerId));
  // The end of a drag is no press on what happens to lie there.
  svg.addEventListener('click', (event) => dragged && event.stopPropagation(), { capture: true });
  svg.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = svg.getBoundingClientRect();
      zoomAt(Math.exp(-event.deltaY / (event.deltaMode === 0 ? 300 : 20)), event.clientX - left, event.clientY - top);
    },
    { passive: false },
  );
}
