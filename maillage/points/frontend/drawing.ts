/** Draw the points on the outlines of their region with Leaflet: no tile, no request to anybody else. */
import * as L from "leaflet";
import { areOnePlace, clustersOf, fan, type Mark } from "./clusters.ts";
import { areasOf, spotsOf, type Outlines } from "./outlines.ts";

export interface MapPoint {
  slug: string;
  name: string;
  commune: string;
  bookable: boolean;
  url: string;
  latitude: number;
  longitude: number;
}

/** What the page says in its own language, from the data-* attributes of points/_canvas.html. */
export interface MapWords {
  name: string;
  zoomIn: string;
  zoomOut: string;
  cluster: string;
  see: string;
  close: string;
}

const REACH = 30;
const CLOSEST = 11.5;

export interface PointsMap {
  /** Show these points alone, all of them if null, and bring into view those of `near`, all that are shown if null. */
  show(slugs: ReadonlySet<string> | null, near?: ReadonlySet<string> | null): void;
  remove(): void;
}

export function drawPoints(
  container: HTMLElement, points: readonly MapPoint[], outlines: readonly Outlines[], words: MapWords, focus: string,
): PointsMap {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(container, {
    zoomControl: false, attributionControl: false, minZoom: 5, maxZoom: CLOSEST, zoomSnap: 0.25, scrollWheelZoom: false,
    zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm,
  });
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", words.name);
  for (const outline of outlines) drawLand(outline, map);
  const marks = L.layerGroup().addTo(map);
  let shown = points;

  function redraw(): void {
    marks.clearLayers();
    const placed = shown.map((point) => ({ ...map.latLngToLayerPoint([point.latitude, point.longitude]), point }));
    for (const { members } of clustersOf(placed.map(({ x, y, point }) => ({ x, y, point })), REACH)) {
      const group = members.map((member) => member.point);
      if (group.length === 1) drawMark(group[0]!, { x: 0, y: 0 });
      else if (areOnePlace(group) && map.getZoom() >= 9) fan(group.length, 34).forEach((at, index) => drawMark(group[index]!, at));
      else drawCluster(group);
    }
  }

  function drawMark(point: MapPoint, at: Mark): void {
    const state = point.slug === focus ? " points-mark--here" : point.bookable ? "" : " points-mark--closed";
    const icon = L.divIcon({ className: `points-mark${state}`, iconSize: [26, 26], iconAnchor: [13 - at.x, 13 - at.y], popupAnchor: [at.x, at.y - 12] });
    const label = `${point.name}, ${point.commune}`;
    const marker = L.marker([point.latitude, point.longitude], { icon, title: label, riseOnHover: true }).addTo(marks);
    marker.getElement()?.setAttribute("aria-label", label);
    marker.bindPopup(() => popupOf(point, words), { closeButton: true, maxWidth: 260 });
  }

  function drawCluster(group: MapPoint[]): void {
    const first = group[0]!;
    const label = words.cluster.replace("{count}", String(group.length));
    const icon = L.divIcon({ className: "points-mark points-mark--many", html: String(group.length), iconSize: [34, 34], iconAnchor: [17, 17] });
    const marker = L.marker([first.latitude, first.longitude], { icon, title: label }).addTo(marks);
    marker.getElement()?.setAttribute("aria-label", `${label} (${first.commune})`);
    marker.on("click", () => {
      if (areOnePlace(group)) map.setView([first.latitude, first.longitude], 10);
      else map.fitBounds(boundsOf(group), { padding: [50, 50], maxZoom: CLOSEST });
      container.focus({ preventScroll: true }); // its mark is gone: the keyboard stays on the map
    });
  }

  map.on("zoomend viewreset", redraw);
  map.on("popupopen", ({ popup }) => {
    popup.getElement()?.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words.close);
    popup.getElement()?.querySelector<HTMLElement>(".points-popup a")?.focus({ preventScroll: true });
  });
  show(null);

  function show(slugs: ReadonlySet<string> | null, near: ReadonlySet<string> | null = null): void {
    map.closePopup();
    shown = slugs === null ? points : points.filter((point) => slugs.has(point.slug));
    const here = points.find((point) => point.slug === focus);
    if (here) map.setView([here.latitude, here.longitude], 8.75, { animate: false });
    else if (points.length) {
      const framed = near ? shown.filter((point) => near.has(point.slug)) : shown;
      map.fitBounds(boundsOf(framed.length ? framed : points), { padding: [36, 36], maxZoom: 10, animate: false });
    } else map.setView([46.6, 2.4], 5);
    redraw();
  }

  return { show, remove: () => map.remove() };
}

function boundsOf(points: readonly MapPoint[]): L.LatLngBounds {
  return L.latLngBounds(points.map((point) => [point.latitude, point.longitude] as L.LatLngTuple));
}

function drawLand(outlines: Outlines, map: L.Map): void {
  const still = { interactive: false, smoothFactor: 0.7 };
  L.polygon(outlines.around.map((told) => [spotsOf(told, outlines.scale)]), { ...still, className: "points-land points-land--around" }).addTo(map);
  for (const area of areasOf(outlines))
    L.polygon(area.rings.map((ring) => [ring]), { ...still, className: "points-land" }).addTo(map);
}

function popupOf(point: MapPoint, words: MapWords): HTMLElement {
  const popup = document.createElement("div");
  popup.className = "points-popup";
  const name = document.createElement("strong");
  name.textContent = point.name;
  const place = document.createElement("span");
  place.textContent = point.commune;
  const link = document.createElement("a");
  link.href = point.url;
  link.textContent = words.see;
  popup.append(name, place, link);
  return popup;
}
