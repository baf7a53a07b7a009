// The map by keyboard: one node takes part in the order of tabs, arrow keys go along lines and to neighbours.
import type { Box } from './map-arrange';
import type { View } from './map-view';

type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** The node to the side of another: left and right first along lines, up and down to what is nearest. Undefined where there is none. */
export function neighbour(view: View, boxes: readonly Box[], from: number, direction: Direction): number | undefined {
  const centre = ({ x, y, width, height }: Box) => ({ x: x + width / 2, y: y + height / 2 });
  const start = centre(boxes[from]);
  const sideways = direction === 'ArrowLeft' || direction === 'ArrowRight';
  const sign = direction === 'ArrowRight' || direction === 'ArrowDown' ? 1 : -1;
  const linked = new Set(view.edges.flatMap((edge) => (edge.from === from ? [edge.to] : edge.to === from ? [edge.from] : [])));
  const candidates = boxes.flatMap((box, index) => {
    const at = centre(box);
    const ahead = sign * (sideways ? at.x - start.x : at.y - start.y);
    const aside = Math.abs(sideways ? at.y - start.y : at.x - start.x);
    return index !== from && ahead > 2 ? [{ index, way: ahead + 2 * aside }] : [];
  });
  const nearest = (among: typeof candidates) =>
    among.reduce<(typeof candidates)[number] | undefined>((best, each) => (best && best.way <= each.way ? best : each), undefined);
  const along = sideways ? nearest(candidates.filter(({ index }) => linked.has(index))) : undefined;
  return (along ?? nearest(candidates))?.index;
}

export function isDirection(key: string): key is Direction {
  return /^Arrow(?:Left|Right|Up|Down)$/.test(key);
}
