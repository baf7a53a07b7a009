// The picture in its frame, and what a person does with it: points at nodes, presses them, and goes from one to the next by keys.
import { drawn, fitLabels, type Picture } from './map-draw';
import { isDirection, neighbour } from './map-keys';
import { type PlacedMap, placed } from './map-layout';
import type { Part } from './map-state';
import type { View } from './map-view';
import { heightOf, type Viewport, viewport, type Window } from './map-viewport';

export interface Shown {
  readonly viewport: Viewport;
  /** Puts the keyboard's focus on a node; none: on the first. */
  readonly select: (index: number) => void;
}

export interface Ways {
  readonly focus: (id: string) => void;
  readonly back: () => void;
}

/** Draws a view into its frame. `start`: what was seen of it before; `moved` is told when it is moved. */
export function showPicture(frame: HTMLElement, view: View, part: Part, start: Window | undefined, moved: () => void, ways: Ways): Shown {
  const layout = placed(view, Math.max(frame.clientWidth, 320) / 0.8);
  const label = part === 'locks' ? 'Order in which locks are taken' : 'Map of what runs, what it shares and what guards it';
  const picture = drawn(view, layout, { id: `map-${part}`, label });
  frame.replaceChildren(picture.svg);
  fitLabels(picture);
  picture.svg.setAttribute('height', String(heightOf(layout, frame.clientWidth)));
  const port = viewport(picture.svg, layout, start, moved);
  const select = takeKeys(picture, view, layout, port, ways);
  return { viewport: port, select };
}

/** Lets nodes be reached by keys and pressed; gives what puts the focus on one. */
function takeKeys({ svg, nodes, edges }: Picture, view: View, { nodes: boxes }: PlacedMap, port: Viewport, { focus, back }: Ways): (index: number) => void {
  let current = 0;
  const makeCurrent = (index: number) => {
    nodes[current]?.setAttribute('tabindex', '-1');
    current = index;
    nodes[current]?.setAttribute('tabindex', '0');
  };
  const select = (index: number) => {
    makeCurrent(Math.max(index, 0));
    nodes[current]?.focus({ preventScroll: true });
  };
  const indexOf = (event: Event) => nodes.indexOf((event.target as Element).closest<SVGGElement>('.map-node')!);
  const light = (index: number) => {
    svg.classList.toggle('lit', index >= 0);
    const near = new Set([index]);
    view.edges.forEach((edge, at) => {
      const isNear = edge.from === index || edge.to === index;
      edges[at].classList.toggle('near', isNear);
      if (isNear) for (const end of [edge.from, edge.to]) near.add(end);
    });
    nodes.forEach((node, at) => node.classList.toggle('near', near.has(at)));
  };
  makeCurrent(0);
  svg.addEventListener('pointerover', (event) => light(indexOf(event)));
  svg.addEventListener('pointerleave', () => light(-1));
  svg.addEventListener('focusin', (event) => {
    const index = indexOf(event);
    if (index < 0) return;
    makeCurrent(index);
    light(index);
    port.reveal(boxes[index]);
  });
  svg.addEventListener('focusout', () => light(-1));
  svg.addEventListener('click', (event) => {
    const index = indexOf(event);
    if (index < 0) return;
    // The handle, and boxes that stand for many, lead further into the map; the rest is the page's to open.
    if (view.nodes[index].kind !== 'group' && !(event.target as Element).closest('.map-handle')) return;
    event.stopPropagation();
    focus(view.nodes[index].id);
  });
  svg.addEventListener('keydown', (event) => {
    const index = indexOf(event);
    if (index < 0 || event.altKey || event.metaKey) return;
    if (keyPressed(event, index)) event.preventDefault();
  });
  const keyPressed = (event: KeyboardEvent, index: number): boolean => {
    const { key } = event;
    if (isDirection(key) && event.shiftKey) port.pan(PAN[key][0], PAN[key][1]);
    else if (isDirection(key)) select(neighbour(view, boxes, index, key) ?? index);
    else if (key === 'Home') select(0);
    else if (key === 'End') select(nodes.length - 1);
    else if (event.ctrlKey) return false;
    else if (key === ' ' || key === 'f' || (key === 'Enter' && view.nodes[index].kind === 'group')) focus(view.nodes[index].id);
    else if (key === 'Escape' || key === 'Backspace') back();
    else if (key === '+' || key === '=') port.zoom(1.25);
    else if (key === '-') port.zoom(0.8);
    else if (key === '0') port.fit();
    else return false;
    return true;
  };
  return select;
}

const PAN = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] } as const;
