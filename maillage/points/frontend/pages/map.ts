/** A page with a map of the points and nothing else that moves. */
import { mountPointsMap } from "../canvas.ts";

mountPointsMap();
