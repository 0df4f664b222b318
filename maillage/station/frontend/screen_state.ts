/** What the room's screen shows, from what it knows and the hour. Pure: no clock, no page, no network. */

export interface Meeting {
  reference: string;
  startsAt: string;
  endsAt: string;
  hour: string;
  title: string;
  others: string[];
  door: string;
  /** Booked on this screen, or on the one that calls, for at once: it can be given back here. */
  walkIn?: boolean;
}

export interface Known {
  now: string;
  version: string;
  room: string;
  point: string;
  zone: string;
  helpPhone: string;
  level: "green" | "orange" | "red" | "grey";
  offered: boolean;
  meetings: Meeting[];
  orders?: Order[];
}

/** What the desk asks of this screen. */
export interface Order {
  kind: "message" | "restart" | "test" | "enter" | "ring" | "call";
  text: string;
}

export type Shown =
  | { kind: "idle" }
  | { kind: "later"; meeting: Meeting; today: boolean }
  | { kind: "soon"; meeting: Meeting; minutes: number }
  | { kind: "door"; meeting: Meeting };

/** The button comes this long before the hour, so that people settle in with the others. */
export const BUTTON_MINUTES = 10;
export const SOON_MINUTES = 60;

const MINUTE = 60_000;

/** The first meeting that is not over at `now` (milliseconds), and how near it is. */
export function shownAt(known: Known, now: number): Shown {
  const meeting = known.meetings.find((candidate) => Date.parse(candidate.endsAt) > now);
  if (!meeting) return { kind: "idle" };
  const minutes = Math.ceil((Date.parse(meeting.startsAt) - now) / MINUTE);
  if (minutes <= BUTTON_MINUTES) return { kind: "door", meeting };
  if (minutes <= SOON_MINUTES) return { kind: "soon", meeting, minutes };
  return { kind: "later", meeting, today: sameDay(now, Date.parse(meeting.startsAt), known.zone) };
}

/** Whether two instants fall on one day of `zone`. */
export function sameDay(one: number, other: number, zone: string): boolean {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
  return day.format(one) === day.format(other);
}

/** « Lannion », « Lannion et Rennes », « Brest, Lannion et Rennes »; `alone` when there is nobody to name. */
export function enumerate(names: string[], and: string, alone: string): string {
  const last = names.at(-1);
  if (last === undefined) return alone;
  return names.length === 1 ? last : `${names.slice(0, -1).join(", ")} ${and} ${last}`;
}

/** Replace {braces} in a sentence. A name that is not given stays as it is, so that it is seen. */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
