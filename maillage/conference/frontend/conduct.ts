/** How the meeting is led, as this page last heard it. Pure: same rules as maillage.conference.domain; the server decides. */
export interface Hand {
  site: number;
  raised_at: number;
  is_reply: boolean;
}

export interface Floor {
  mode: "free" | "strict" | "round";
  present: number[];
  chair: number | null;
  holder: number | null;
  held_since: number;
  box_seconds: number | null;
  queue: Hand[];
  round_left: number[];
}

export interface Item {
  title: string;
  planned_seconds: number;
  spent_seconds: number;
}

export interface Agenda {
  items: Item[];
  current: number | null;
  opened_at: number;
  is_over: boolean;
}

export interface Knock {
  party: number;
  name: string;
  head_count: number;
  kind: "room" | "browser" | "sip" | "phone";
  since: number;
  all_open_at: number;
}

export interface Conduct {
  version: number;
  now: number;
  entry: "open" | "knock";
  floor: Floor | null;
  agenda: Agenda | null;
  introductions: Record<string, string>;
  knocks: Knock[];
  spoken: Record<string, number>;
}

/** Tell whether a side's microphone is let through. Who leads always is. */
export function maySpeak(floor: Floor | null, party: number): boolean {
  return !floor || floor.mode === "free" || party === floor.holder || party === floor.chair;
}

export const leads = (floor: Floor | null, party: number): boolean => floor?.chair === party;
export const hasHand = (floor: Floor | null, party: number): boolean => floor?.queue.some((hand) => hand.site === party) ?? false;

/** The queue once `site` has moved by `step` places; null if it cannot. */
export function moved(queue: readonly Hand[], site: number, step: number): number[] | null {
  const order = queue.map((hand) => hand.site);
  const from = order.indexOf(site);
  const to = from + step;
  if (from < 0 || to < 0 || to >= order.length) return null;
  order.splice(to, 0, ...order.splice(from, 1));
  return order;
}

/** Seconds of the turn that are left, negative once over; null when no time was agreed. Nobody is cut off. */
export function turnLeft(floor: Floor, now: number): number | null {
  return floor.holder === null || floor.box_seconds === null ? null : floor.box_seconds - (now - floor.held_since);
}

/** Seconds left of an item of the agenda, negative once over. */
export function itemLeft(agenda: Agenda, index: number, now: number): number {
  const item = agenda.items[index]!;
  const stretch = agenda.current === index ? Math.max(0, now - agenda.opened_at) : 0;
  return item.planned_seconds - item.spent_seconds - stretch;
}

/** « 2:05 », « 1:02:05 »; the sign is said in words. */
export function clock(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number): string => String(part).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
