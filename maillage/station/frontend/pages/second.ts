/** The second screen of a room: what is shown in its meeting, else the hour. It has no button, no microphone, no camera. */
import { pictureBox } from "../../../conference/frontend/board.ts";
import { drawAt, type Spot } from "../../../conference/frontend/pointing.ts";
import { ALIVE_EVERY, CHANNEL, GONE_AFTER, settled, type News, type Shown } from "../../../conference/frontend/second_screen";
import { recall } from "../memory";

const root = document.querySelector<HTMLElement>("[data-second]")!;
const page = root.querySelector<HTMLImageElement>("[data-part=page]")!;
const video = root.querySelector<HTMLVideoElement>("[data-part=video]")!;
const pointer = root.querySelector<HTMLElement>("[data-part=pointer]")!;
const idle = root.querySelector<HTMLElement>("[data-part=idle]")!;
const channel = new BroadcastChannel(CHANNEL);
let heardAt = -Infinity;
let line: RTCPeerConnection | null = null;

function show(shown: Shown): void {
  root.dataset["shows"] = shown?.kind ?? "idle";
  page.hidden = shown?.kind !== "page";
  video.hidden = shown?.kind !== "screen";
  idle.hidden = shown !== null;
  if (shown?.kind === "page" && page.src !== shown.address) page.src = shown.address;
  page.alt = shown?.kind === "page" ? shown.words : "";
  if (shown?.kind === "screen") return;
  line?.close();
  line = null;
  video.srcObject = null;
}

/** Somebody points at what is shown, or no more. */
function point(spot: Spot | null): void {
  const shown = [page, video].find((one) => !one.hidden);
  const [width, height] = shown === page ? [page.naturalWidth, page.naturalHeight] : [video.videoWidth, video.videoHeight];
  const box = shown?.getBoundingClientRect();
  if (box) drawAt(pointer, spot, root.getBoundingClientRect(), pictureBox(box, width, height));
  else pointer.hidden = true;
}

async function receive(sdp: string): Promise<void> {
  line?.close();
  const opened = new RTCPeerConnection();
  line = opened;
  opened.ontrack = ({ track }) => {
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => undefined);
  };
  await opened.setRemoteDescription({ type: "offer", sdp });
  await opened.setLocalDescription();
  channel.postMessage({ type: "answer", sdp: await settled(opened) } satisfies News);
}

/** The hour of the room, as its main screen last knew it. */
function tick(): void {
  if (performance.now() - heardAt > GONE_AFTER) show(null);
  const known = recall();
  const zone = known?.zone ?? "Europe/Paris";
  const language = document.documentElement.lang;
  root.querySelector("[data-part=clock]")!.textContent = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", timeZone: zone }).format();
  root.querySelector("[data-part=day]")!.textContent = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", timeZone: zone }).format();
  root.querySelector("[data-part=place]")!.textContent = known ? `${known.room}, ${known.point}` : "";
}

channel.onmessage = ({ data }: MessageEvent<News>) => {
  if (data.type === "shown") {
    heardAt = performance.now();
    show(data.shown);
  } else if (data.type === "pointer") point(data.spot);
  else if (data.type === "offer") void receive(data.sdp);
};
const beHere = (): void => channel.postMessage({ type: "here" } satisfies News);
setInterval(beHere, ALIVE_EVERY);
setInterval(tick, 1000);
beHere();
tick();
