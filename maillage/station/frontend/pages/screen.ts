/** The room's own screen: links itself to a room, shows the hour and the next meeting, and at its time one button. */

import { mountHelp } from "../help";
import { forget, keepReason, keptReason, recall, remember } from "../memory";
import { ringBell, ringLong, showMessage } from "../orders";
import { showCodes, whyUnlinked } from "../pairing";
import { enumerate, fill, type Known, type Meeting, type Order, shownAt } from "../screen_state";
import { measureRoom } from "../self_test";
import { mountSecondWindow } from "../second_window";
import { type Addresses, Server } from "../server";
import { mountWalkIn } from "../walk_in";
import { openWire } from "../wire";

const BEAT_EVERY = 15_000;
/** Between the code typed and the room shown. */
const PAIRED_WITHIN = 4000;
const ASK_EVERY = 120_000;
const CLOCK_TOLERANCE_MS = 120_000;
const TEST_BEFORE_MINUTES = 20;
const NIGHT_HOUR = 3;
/** With a meeting nearer than that, the room is not lent. */
const LEAST_WALK_IN = 30;

const root = document.querySelector<HTMLElement>("[data-station]")!;
const texts = JSON.parse(document.querySelector("#station-texts")!.textContent!) as Record<string, string>;
const addresses = JSON.parse(document.querySelector("#station-addresses")!.textContent!) as Addresses;
const csrf = root.dataset["csrf"] ?? "";
const language = document.documentElement.lang;
const server = new Server(addresses, csrf);
const wire = openWire(addresses.wire, () => void ask());

let known: Known | null = recall();
let aheadMs = 0;
let cut = false;
let askedAt = 0;
let pairing = false;
let testing = false;
const tested = new Set<string>();

const part = (name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
const say = (name: string, sentence: string): void => {
  const element = part(name);
  if (element.textContent !== sentence) element.textContent = sentence;
  element.hidden = sentence === "";
};

/** The server's hour, whatever this screen's clock says. */
const now = (): number => Date.now() - aheadMs;

function learn(given: Known): void {
  aheadMs = Date.now() - Date.parse(given.now);
  const outdated = known !== null && known.version !== given.version && shownAt(given, now()).kind !== "door";
  known = given;
  cut = false;
  pairing = false;
  remember(given);
  keepReason("");
  wire.keep();
  if (outdated) location.reload();
}

function draw(): void {
  root.dataset["kind"] = pairing ? "pairing" : known ? shownAt(known, now()).kind : "starting";
  root.dataset["level"] = known?.level ?? "grey";
  part("pairing").hidden = !pairing;
  part("room").hidden = pairing;
  part("test").hidden = part("help").hidden = pairing || !known;
  if (pairing || !known) part("walk-in").hidden = part("release").hidden = true;
  if (pairing || !known) return;
  const zone = known.zone;
  say("clock", new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(now()));
  say("day", new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", timeZone: zone }).format(now()));
  say("place", `${known.room}, ${known.point}`);
  say("level", texts[`test_${known.level}`] ?? "");
  say("trouble", trouble());
  drawMeeting(known);
}

function drawMeeting(present: Known): void {
  const shown = shownAt(present, now());
  const door = part("door") as HTMLAnchorElement;
  door.hidden = shown.kind !== "door";
  part("walk-in").hidden = cut || shown.kind === "door" || (shown.kind === "soon" && shown.minutes < LEAST_WALK_IN);
  part("release").hidden = cut || shown.kind !== "door" || !shown.meeting.walkIn;
  if (shown.kind === "idle") {
    say("soon", "");
    return say("next", texts["nothing_planned"]!);
  }
  const others = enumerate(shown.meeting.others, texts["and"]!, texts["alone"]!);
  const day = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: present.zone }).format(Date.parse(shown.meeting.startsAt));
  const values = { others, hour: shown.meeting.hour, day };
  const sentence = shown.kind === "later" && !shown.today ? texts["next_other_day"]! : texts["next_today"]!;
  say("next", fill(sentence, values));
  say("soon", shown.kind === "soon" ? fill(texts["soon"]!, { minutes: shown.minutes }) : shown.kind === "door" ? texts["enter_hint"]! : "");
  if (shown.kind !== "door") return;
  door.textContent = fill(texts["enter"]!, values);
  door.href = `${shown.meeting.door}?station=1`;
}

function trouble(): string {
  if (cut) return texts["offline"]!;
  if (Math.abs(aheadMs) > CLOCK_TOLERANCE_MS) return fill(texts["clock_wrong"]!, { minutes: Math.round(Math.abs(aheadMs) / 60_000) });
  return "";
}

/** Give a sign of life; ask for the whole state every two minutes, or when something waits, failed or is not known yet. */
async function beat(): Promise<void> {
  const settled = known !== null && !pairing && !cut && performance.now() - askedAt < ASK_EVERY - BEAT_EVERY / 2;
  const answer = settled ? await server.beat() : null;
  if (answer?.kind !== "given" || answer.body.ask) await ask();
}

async function ask(first = false): Promise<void> {
  askedAt = performance.now();
  const answer = await (first ? server.start() : server.state());
  if (answer.kind === "given") {
    learn(answer.body);
    answer.body.orders?.forEach(obey);
  }
  else if (answer.kind === "cut") cut = true;
  else await beLinked(answer.code);
  draw();
}

/** What the desk asks is always said and heard in the room before it is done. */
function obey(order: Order): void {
  if (order.kind === "ring" || order.kind === "call") {
    ringLong();
    return order.kind === "ring" ? beCalled() : showMessage(part("message"), fill(texts["called_by"]!, { name: order.text }));
  }
  ringBell();
  const sentence = order.kind === "message" ? order.text : texts[`order_${order.kind}`]!;
  showMessage(part("message"), fill(texts["order_says"]!, { sentence }));
  if (order.kind === "restart") setTimeout(() => location.reload(), 5000);
  if (order.kind === "test" && !testing) void testOnce("asked", null);
  if (order.kind === "enter" && !part("door").hidden) setTimeout(() => part("door").click(), 3000);
}

/** Show a code until somebody types it; the server refuses us until then. */
async function beLinked(code: string): Promise<void> {
  if (pairing) return;
  const was = known;
  forget();
  wire.drop();
  known = null;
  pairing = true;
  const reason = whyUnlinked(code, texts, was !== null, keptReason());
  keepReason(reason);
  say("pair-reason", reason);
  await showCodes({ texts, say, address: addresses.pair, requestCode: () => server.requestCode(), isWaiting: () => pairing });
}

/** Test before each meeting and once a night, when nobody is there to be disturbed. */
async function testWhenDue(): Promise<void> {
  if (!known || pairing || testing || cut) return;
  const shown = shownAt(known, now());
  if (shown.kind === "soon" && shown.minutes <= TEST_BEFORE_MINUTES) return testOnce("meeting", shown.meeting);
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: known.zone }).format(now());
  if (Number(hour) === NIGHT_HOUR && shown.kind !== "soon" && shown.kind !== "door") return testOnce("night", null);
}

async function testOnce(occasion: "night" | "meeting" | "asked", meeting: Meeting | null): Promise<void> {
  const mark = `${occasion} ${meeting?.reference ?? new Date(now()).toDateString()}`;
  if (occasion !== "asked" && tested.has(mark)) return;
  tested.add(mark);
  testing = true;
  say("testing", texts["test_title"]!);
  const measures = await measureRoom({ ...addresses, csrf }, aheadMs / 1000);
  const answer = await server.sendTest(occasion, meeting?.reference ?? "", measures);
  if (answer.kind === "given" && known) known = { ...known, level: answer.body.level };
  testing = false;
  say("testing", "");
  draw();
}

/** The rooms of a direct call that is over, or that nobody answered. */
async function giveBack(): Promise<void> {
  const shown = known && shownAt(known, now());
  if (shown?.kind !== "door") return;
  const answer = await server.release(shown.meeting.reference);
  if (answer.kind === "refused") showMessage(part("message"), answer.sentence);
  await ask();
}

function enterOnAnyKey(event: KeyboardEvent): void {
  if (document.querySelector("dialog[open]")) return;
  const door = part("door") as HTMLAnchorElement;
  const bare = !event.ctrlKey && !event.altKey && !event.metaKey && !["Tab", "Shift", "F5", "F11", "F12"].includes(event.key);
  if (!door.hidden && bare && document.activeElement?.tagName !== "BUTTON") door.click();
}

document.addEventListener("keydown", enterOnAnyKey);
const beCalled = mountHelp(part, texts);
mountWalkIn({ part, texts, server, go: (address) => location.assign(address) });
part("release").addEventListener("click", () => void giveBack());
part("test").addEventListener("click", () => void (!testing && testOnce("asked", null)));
mountSecondWindow(part("second"), part("second").dataset["address"]!);
setInterval(draw, 1000);
setInterval(() => void beat(), BEAT_EVERY);
setInterval(() => void (pairing && ask()), PAIRED_WITHIN);
setInterval(() => void testWhenDue(), 20_000);
draw();
void ask(true);
void navigator.serviceWorker?.register(addresses.watch, { scope: "/station" }).catch(() => undefined);
