/** What a room's own screen gives to the room's second screen: the page or the screen that is shown.
 *
 *  A second window of this browser is spoken to over a channel of this browser alone; a second screen on another machine,
 *  over a wire of the server. A shown screen goes from one to the other by a line of their own, so that it is received
 *  from the meeting once. Nobody has to touch anything.
 */

import { spotOf, type Spot } from "./pointing.ts";
import { ALIVE_EVERY, CHANNEL, GONE_AFTER, settled, type News, type OfMain, type Shown } from "./second_news.ts";
import { REFUSED, SecondWire, TAKEN } from "./second_wire.ts";

const STAY_AWAY = [REFUSED, TAKEN];

/** What is shown in the meeting now, a document before a screen, and the track of that screen. */
function lookAt(root: ParentNode): { shown: Shown; track: MediaStreamTrack | null } {
  const board = root.querySelector<HTMLElement>("#board");
  const page = board?.querySelector<HTMLImageElement>("[data-board-page]");
  if (board && !board.hidden && page?.src) return { shown: { kind: "page", address: page.src, words: page.alt }, track: null };
  const video = root.querySelector<HTMLVideoElement>(".tile[data-screen] [data-tile-screen]");
  const track = video?.srcObject instanceof MediaStream ? (video.srcObject.getVideoTracks()[0] ?? null) : null;
  return track ? { shown: { kind: "screen" }, track } : { shown: null, track: null };
}

/** Where somebody points on what is shown, or null. */
function pointedAt(root: ParentNode): Spot | null {
  return spotOf(root.querySelector("#board:not([hidden]) [data-board-pointer]:not([hidden]), .tile[data-screen] [data-tile-pointer]:not([hidden])"));
}

/** One way to a second screen: says what is shown, and gives it a line for a shown screen. */
class Feed {
  private heardAt = -Infinity;
  private offeredAt = -Infinity;
  private line: RTCPeerConnection | null = null;
  private sent: MediaStreamTrack | null = null;
  private readonly say: (news: OfMain) => void;
  private readonly changed: () => void;
  paths: RTCIceServer[] = [];

  constructor(say: (news: OfMain) => void, changed: () => void) {
    this.say = say;
    this.changed = changed;
  }

  get isThere(): boolean {
    return performance.now() - this.heardAt < GONE_AFTER;
  }

  point(spot: Spot | null): void {
    this.say({ type: "pointer", spot });
  }

  follow(shown: Shown, track: MediaStreamTrack | null): void {
    this.say({ type: "shown", shown });
    const wanted = this.isThere ? track : null;
    if (wanted === this.sent) return;
    this.line?.close();
    this.line = null;
    this.sent = wanted;
    if (wanted) void this.offer(wanted);
  }

  hear(news: News): void {
    if (news.type === "here") {
      const wasThere = this.isThere;
      this.heardAt = performance.now();
      const isLost = news.lined === false && this.heardAt - this.offeredAt > GONE_AFTER;
      if (!wasThere || isLost) this.sent = null;
      if (!wasThere) this.changed();
    } else if (news.type === "answer" && this.line?.signalingState === "have-local-offer") {
      this.line.setRemoteDescription({ type: "answer", sdp: news.sdp }).catch(() => undefined);
    }
  }

  private async offer(track: MediaStreamTrack): Promise<void> {
    this.offeredAt = performance.now();
    const opened = new RTCPeerConnection({ iceServers: this.paths });
    this.line = opened;
    const { sender } = opened.addTransceiver(track, { direction: "sendonly" });
    const wanted = sender.getParameters();
    wanted.degradationPreference = "maintain-resolution"; // letters stay sharp
    await sender.setParameters(wanted).catch(() => undefined);
    await opened.setLocalDescription();
    const sdp = await settled(opened);
    if (opened === this.line) this.say({ type: "offer", sdp });
  }
}

/** Feed the second screens from now on, and keep the faces here while one is there. */
export function feedSecondScreen(room: HTMLElement): void {
  const follow = (): void => {
    const { shown, track } = lookAt(room);
    document.documentElement.toggleAttribute("data-second-screen", feeds.some((feed) => feed.isThere));
    for (const feed of feeds) {
      feed.follow(shown, track);
      feed.point(pointedAt(room));
    }
  };
  const channel = new BroadcastChannel(CHANNEL);
  const beside = new Feed((news) => channel.postMessage(news), follow);
  channel.onmessage = ({ data }: MessageEvent<News>) => beside.hear(data);
  const machine = new Feed((news) => wire.say(news), follow);
  const wire = new SecondWire("main", {
    heard: (news) => machine.hear(news),
    welcomed: ({ ice_servers }) => {
      machine.paths = ice_servers ?? [];
      follow();
    },
    closed: (code) => !STAY_AWAY.includes(code),
  });
  const feeds = [beside, machine];
  new MutationObserver(follow).observe(room, { subtree: true, attributes: true, attributeFilter: ["hidden", "data-screen", "src"], childList: true });
  new MutationObserver(() => feeds.forEach((feed) => feed.point(pointedAt(room)))).observe(room, { subtree: true, attributeFilter: ["data-spot"] });
  setInterval(follow, ALIVE_EVERY);
  wire.keep();
  follow();
}
