/** Keep marks on the map apart: those that would overlap become one with a number, those at one place are fanned out. */
export interface Mark {
  x: number;
  y: number;
}

export interface Cluster<T extends Mark> {
  x: number;
  y: number;
  members: T[];
}

/** Group marks nearer than `reach` pixels to the first of a group, in their order; each mark is in one group. */
export function clustersOf<T extends Mark>(marks: readonly T[], reach: number): Cluster<T>[] {
  const clusters: Cluster<T>[] = [];
  for (const mark of marks) {
    const near = clusters.find((cluster) => Math.hypot(cluster.x - mark.x, cluster.y - mark.y) < reach);
    if (near) near.members.push(mark);
    else clusters.push({ x: mark.x, y: mark.y, members: [mark] });
  }
  return clusters;
}

/** Return where to draw `count` marks of one place, in pixels from it, at least `apart` from each other. */
export function fan(count: number, apart: number): Mark[] {
  if (count <= 1) return [{ x: 0, y: 0 }];
  const radius = Math.max(apart, apart / (2 * Math.sin(Math.PI / count)));
  return Array.from({ length: count }, (_, index) => {
    const angle = (2 * Math.PI * index) / count - Math.PI / 2;
    return { x: Math.round(radius * Math.cos(angle)), y: Math.round(radius * Math.sin(angle)) };
  });
}

/** Tell whether going closer can separate these places: false if they are one and the same. */
export function areOnePlace(places: readonly { latitude: number; longitude: number }[]): boolean {
  const first = places[0];
  return places.every((place) => place.latitude === first?.latitude && place.longitude === first.longitude);
}
