/** The second screen of a room: what is shown in its meeting, else the hour. It has no button, no microphone, no camera.
 *
 *  Beside the main screen, in its browser, it is fed over a channel of that browser. On a machine of its own it shows a
 *  code until it is linked to a room, and is then fed over a wire of the server.
 */
import { pictureBox } from "../../../conference/frontend/board.ts";
import { drawAt, type Spot } from "../../../conference/frontend/pointing.ts";
import { ALIVE_EVERY, CHANNEL, GONE_AFTER, settled, type News, type OfMain, type OfSecond, type Shown } from "../../../conference/frontend/second_news.ts";
import { REFUSED, SecondWire, TAKEN, type Welcome } from "../../../conference/frontend/second_wire.ts";
import { keepReason, keptReason, recall, recallPlace, rememberPlace } from "../memory";
import { showCodes, whyUnlinked } from "../pairing";
import { askServer, type Pairing } from "../server";

const ASK_AGAIN = 4000;
/** Another machine holds the wire with this key: later than a former key lasts, asking tells the copy from the true one. */
const COPY_TOLD_AFTER = 360_000;
const UNLINKED = ["not-a-station", "station-key-used-twice", "loan-over"];
/** A page that could not be had is asked for again that late; until then, the hour. */
const PAGE_AGAIN = 10_000;

const root = document.querySelector<HTMLElement>("[data-second]")!;
const texts = JSON.parse(document.querySelector("#second-texts")!.textContent!) as Record<string, string>;
const addresses = JSON.parse(document.querySelector("#second-addresses")!.textContent!) as Record<"start" | "code" | "pair" | "watch", string>;
const csrf = root.dataset["csrf"] ?? "";
const part = <E extends HTMLElement>(name: string): E => root.querySelector<E>(`[data-part="${name}"]`)!;
const page = part<HTMLImageElement>("page");
const video = part<HTMLVideoElement>("video");
const channel = new BroadcastChannel(CHANNEL);
const wire = new SecondWire("second", { heard: (news) => hear(news, (answer) => wire.say(answer)), welcomed: settleIn, closed: comeBack });
let heardAt = -Infinity;
let upAt = performance.now();
let line: RTCPeerConnection | null = null;
let place = recallPlace();
let version = "";
let pairing = false;
let missing = { address: "", at: -Infinity };

const say = (name: string, sentence: string): void => {
  const element = part(name);
  if (element.textContent !== sentence) element.textContent = sentence;
  element.hidden = sentence === "";
};

function show(given: Shown): void {
  const isMissing = given?.kind === "page" && given.address === missing.address && performance.now() - missing.at < PAGE_AGAIN;
  const shown = isMissing ? null : given;
  root.dataset["shows"] = shown?.kind ?? "idle";
  page.hidden = shown?.kind !== "page";
  video.hidden = shown?.kind !== "screen";
  part("idle").hidden = shown !== null;
  if (shown?.kind === "page" && page.getAttribute("src") !== shown.address) page.src = shown.address;
  page.alt = shown?.kind === "page" ? shown.words : "";
  if (shown?.kind === "screen") return;
  line?.close();
  line = null;
  video.srcObject = null;
}

/** Somebody points at what is shown, or no more. */
function point(spot: Spot | null): void {
  const pointer = part("pointer");
  const shown = [page, video].find((one) => !one.hidden);
  const [width, height] = shown === page ? [page.naturalWidth, page.naturalHeight] : [video.videoWidth, video.videoHeight];
  const box = shown?.getBoundingClientRect();
  if (box) drawAt(pointer, spot, root.getBoundingClientRect(), pictureBox(box, width, height));
  else pointer.hidden = true;
}

async function receive(sdp: string, paths: RTCIceServer[], answer: (news: OfSecond) => void): Promise<void> {
  line?.close();
  const opened = new RTCPeerConnection({ iceServers: paths });
  line = opened;
  opened.ontrack = ({ track }) => {
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => undefined);
  };
  await opened.setRemoteDescription({ type: "offer", sdp });
  await opened.setLocalDescription();
  answer({ type: "answer", sdp: await settled(opened) });
}

function hear(news: News, answer: (news: OfSecond) => void): void {
  const said = news as OfMain;
  if (said.type === "shown") {
    heardAt = performance.now();
    show(said.shown);
  } else if (said.type === "pointer") point(said.spot);
  else if (said.type === "offer") void receive(said.sdp, said.ice_servers ?? [], answer).catch(() => undefined);
}

function beHere(): void {
  const here: OfSecond = { type: "here", lined: line !== null && !["failed", "closed"].includes(line.connectionState) };
  channel.postMessage(here);
  wire.say(here);
}

/** The wire is there: whose second screen this is. A page older than the server starts again. */
function settleIn(welcome: Welcome): void {
  place = { room: welcome.room!, point: welcome.point!, zone: welcome.zone! };
  rememberPlace(place);
  if (version && version !== welcome.version) location.reload();
  version = welcome.version!;
  beHere();
}

/** Linked no more, or its key is in use elsewhere: starting again says which. */
function comeBack(code: number): boolean {
  if (code !== REFUSED && code !== TAKEN) return true;
  setTimeout(() => void start(), code === TAKEN ? COPY_TOLD_AFTER : 0);
  return false;
}

async function start(): Promise<void> {
  const answer = await askServer<{ wire: boolean }>(addresses.start, csrf, { method: "POST" });
  const isUnlinked = answer.kind === "refused" && UNLINKED.includes(answer.code);
  if (answer.kind === "given") {
    pairing = false;
    keepReason("");
    if (answer.body.wire) wire.keep();
    else rememberPlace((place = null));
    return tick();
  }
  if (isUnlinked && !pairing) beLinked(answer.code);
  setTimeout(() => void start(), ASK_AGAIN);
}

/** Show a code until somebody types it. */
function beLinked(code: string): void {
  pairing = true;
  heardAt = -Infinity;
  const reason = whyUnlinked(code, texts, place !== null, keptReason());
  place = null;
  rememberPlace(null);
  keepReason(reason);
  say("pair-reason", reason);
  tick();
  const requestCode = () => askServer<Pairing>(addresses.code, csrf, { method: "POST" });
  void showCodes({ texts, say, address: addresses.pair, requestCode, isWaiting: () => pairing });
}

/** The hour of the room; of a main screen beside it, as that one last knew it. */
function tick(): void {
  const instant = performance.now();
  if (instant - heardAt > GONE_AFTER) show(null);
  if (wire.isUp) upAt = instant;
  const known = place ?? recall();
  const zone = known?.zone ?? "Europe/Paris";
  const language = document.documentElement.lang;
  root.toggleAttribute("data-pairing", pairing);
  part("pairing").hidden = !pairing;
  say("clock", new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", timeZone: zone }).format());
  say("day", new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", timeZone: zone }).format());
  say("place", known ? `${known.room}, ${known.point}` : "");
  say("offline", place && instant - upAt > GONE_AFTER ? texts["offline"]! : "");
}

channel.onmessage = ({ data }: MessageEvent<News>) => hear(data, (answer) => channel.postMessage(answer));
page.addEventListener("error", () => {
  missing = { address: page.getAttribute("src") ?? "", at: performance.now() };
  page.removeAttribute("src");
  show(null);
});
setInterval(beHere, ALIVE_EVERY);
setInterval(tick, 1000);
beHere();
tick();
// One page of a browser holds the wire; another waits for it to be closed.
void (navigator.locks as LockManager | undefined)?.request("maillage.second-screen", () => new Promise<never>(() => void start()));
void navigator.serviceWorker?.register(addresses.watch, { scope: "/station" }).catch(() => undefined);
