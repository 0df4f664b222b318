/** The map's place in a page: nothing is fetched before it comes near the screen, and the page stays whole without it. */
import type { PointsMap, MapPoint, MapWords } from "./drawing.ts";
import type { Outlines } from "./outlines.ts";

type Drawing = typeof import("./drawing.ts");
type Feature = { geometry: { coordinates: [number, number] }; properties: Omit<MapPoint, "latitude" | "longitude"> };

/** Show the canvas of points/_canvas.html under `root`, drawn when it comes into view. Null if there is none. */
export function mountPointsMap(root: ParentNode = document): Pick<PointsMap, "show"> | null {
  const canvas = root.querySelector<HTMLElement>("[data-points-map]");
  if (!canvas) return null;
  let wanted: Parameters<PointsMap["show"]> = [null];
  let drawn: PointsMap | null = null;
  canvas.hidden = false;
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    draw(canvas).then((map) => {
      drawn = map;
      map.show(...wanted);
    }).catch(() => { canvas.hidden = true; }); // the list says the same
  }, { rootMargin: "200px" });
  watch.observe(canvas);
  return {
    show(...asked) {
      wanted = asked;
      drawn?.show(...asked);
    },
  };
}

async function draw(canvas: HTMLElement): Promise<PointsMap> {
  const data = canvas.dataset;
  const files = (data["outlines"] ?? "").split(" ").filter(Boolean);
  const [drawing, collection, outlines] = await Promise.all([
    import(new URL(data["drawing"]!, location.href).href) as Promise<Drawing>,
    json<{ features: Feature[] }>(data["points"]!),
    Promise.all(files.map((file) => json<Outlines>(file))),
    styled(data["style"]!),
  ]);
  const points = collection.features.map(({ geometry, properties }) => ({
    ...properties, longitude: geometry.coordinates[0], latitude: geometry.coordinates[1],
  }));
  return drawing.drawPoints(canvas, points, outlines, wordsOf(data), data["focus"] ?? "");
}

async function json<T>(address: string): Promise<T> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return (await answer.json()) as T;
}

function styled(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = address;
    sheet.onload = () => resolve();
    sheet.onerror = () => reject(new Error(address));
    document.head.append(sheet);
  });
}

function wordsOf(data: DOMStringMap): MapWords {
  const word = (key: string): string => data[key] ?? "";
  return { name: word("name"), zoomIn: word("zoomIn"), zoomOut: word("zoomOut"), cluster: word("cluster"), see: word("see"), close: word("close") };
}
