/** What a room's own screen gives to the second screen of the same machine: the page or the screen that is shown.
 *
 *  The two windows speak over a channel of this browser alone. A shown screen goes from one to the other by a line inside
 *  the machine, so that it is received from the meeting once. Nobody has to touch anything.
 */

import { spotOf, type Spot } from "./pointing.ts";

export const CHANNEL = "maillage.second-screen";
export const ALIVE_EVERY = 1500;
export const GONE_AFTER = 5000;

export type Shown = { kind: "page"; address: string; words: string } | { kind: "screen" } | null;
export type News =
  | { type: "here" }
  | { type: "shown"; shown: Shown }
  | { type: "pointer"; spot: Spot | null }
  | { type: "offer"; sdp: string }
  | { type: "answer"; sdp: string };

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

/** The description once its paths are known: inside one machine they all are within a moment. */
export async function settled(line: RTCPeerConnection): Promise<string> {
  if (line.iceGatheringState !== "complete") await new Promise((done) => line.addEventListener("icegatheringstatechange", () => line.iceGatheringState === "complete" && done(null)));
  return line.localDescription?.sdp ?? "";
}

/** Feed the second screen from now on, and keep the faces here while it is there. */
export function feedSecondScreen(room: HTMLElement): void {
  const channel = new BroadcastChannel(CHANNEL);
  let heardAt = -Infinity;
  let line: RTCPeerConnection | null = null;
  let sent: MediaStreamTrack | null = null;
  const isThere = (): boolean => performance.now() - heardAt < GONE_AFTER;
  const say = (news: News): void => channel.postMessage(news);

  const offer = async (track: MediaStreamTrack): Promise<void> => {
    const opened = new RTCPeerConnection();
    line = opened;
    const { sender } = opened.addTransceiver(track, { direction: "sendonly" });
    const wanted = sender.getParameters();
    wanted.degradationPreference = "maintain-resolution"; // letters stay sharp
    await sender.setParameters(wanted).catch(() => undefined);
    await opened.setLocalDescription();
    const sdp = await settled(opened);
    if (opened === line) say({ type: "offer", sdp });
  };

  const follow = (): void => {
    const { shown, track } = lookAt(room);
    document.documentElement.toggleAttribute("data-second-screen", isThere());
    say({ type: "shown", shown });
    say({ type: "pointer", spot: pointedAt(room) });
    const wanted = isThere() ? track : null;
    if (wanted === sent) return;
    line?.close();
    line = null;
    sent = wanted;
    if (wanted) void offer(wanted);
  };

  channel.onmessage = ({ data }: MessageEvent<News>) => {
    if (data.type === "here") {
      const wasThere = isThere();
      heardAt = performance.now();
      if (!wasThere) sent = null;
      if (!wasThere) follow();
    } else if (data.type === "answer" && line?.signalingState === "have-local-offer") {
      line.setRemoteDescription({ type: "answer", sdp: data.sdp }).catch(() => undefined);
    }
  };
  new MutationObserver(follow).observe(room, { subtree: true, attributes: true, attributeFilter: ["hidden", "data-screen", "src"], childList: true });
  new MutationObserver(() => say({ type: "pointer", spot: pointedAt(room) })).observe(room, { subtree: true, attributeFilter: ["data-spot"] });
  setInterval(follow, ALIVE_EVERY);
  follow();
}
