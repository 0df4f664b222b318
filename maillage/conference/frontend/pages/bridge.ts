/** The bridge, fetched by the page of a meeting when the server says that its way leads there. */
import type { Transport, TransportEvents } from "../transport.ts";
import type { VisitWishes } from "../way_finder.ts";
import { Visit } from "../bridge/visit.ts";

export const visit = (wishes: VisitWishes, events: TransportEvents): Transport => new Visit(wishes, events);
