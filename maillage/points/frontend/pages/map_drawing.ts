/** Leaflet and what it draws, fetched by canvas.ts when a map comes into view. */
export { drawPoints } from "../drawing.ts";
