/** Read the outlines made by tooling/outlines.py: lines told by differences on a grid, areas as rings of line numbers. */
export type Spot = [latitude: number, longitude: number];

export interface Outlines {
  scale: number;
  lines: number[][];
  areas: { name: string; code: string; rings: number[][] }[];
  around: number[][];
}

export interface Area {
  name: string;
  rings: Spot[][];
}

/** Return the spots of a line told by differences. */
export function spotsOf(told: number[], scale: number): Spot[] {
  const spots: Spot[] = [];
  let x = 0;
  let y = 0;
  for (let index = 0; index + 1 < told.length; index += 2) {
    x += told[index]!;
    y += told[index + 1]!;
    spots.push([y / scale, x / scale]);
  }
  return spots;
}

/** Return each area with its rings whole; a negative number is a line taken backwards. */
export function areasOf(outlines: Outlines): Area[] {
  const lines = outlines.lines.map((told) => spotsOf(told, outlines.scale));
  const line = (number: number): Spot[] => (number < 0 ? [...lines[~number]!].reverse() : lines[number]!);
  return outlines.areas.map(({ name, rings }) => ({ name, rings: rings.map((numbers) => numbers.flatMap(line)) }));
}
