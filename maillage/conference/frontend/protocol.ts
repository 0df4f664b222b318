/** What the page and the server say to each other: docs/protocol.md, mirrored by maillage.conference.domain.messages. */
import type { Ask } from "./asked.ts";
import type { Shown } from "./board.ts";
import type { Conduct } from "./conduct.ts";
import type { Line } from "./chat.ts";

export type Description = { type: "offer" | "answer"; sdp: string };

/** How much of the others' images a page receives. */
export type Images = "full" | "small" | "none";

export interface Present {
  party: number;
  page: string;
  order: number;
  name: string;
  head_count: number;
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  sound_only: boolean;
  images: Images;
}

export interface Presence {
  version: number;
  present: Present[];
}

export interface Sample {
  remote: number;
  rtt_ms?: number | null;
  loss_in?: number | null;
  /** Share of the sound that the browser had to make up. */
  concealed_in?: number | null;
  loss_out?: number | null;
  audio_level_in?: number | null;
  frames_per_second?: number | null;
  kbps_in?: number | null;
  kbps_out?: number | null;
  path?: "" | "host" | "srflx" | "prflx" | "relay";
}

export interface SignalBody {
  description: Description | null;
  candidates: RTCIceCandidateInit[];
}

/** One server of the bridge. Without `room_token` its door opens, not the room. */
export interface BridgeAddress {
  name: string;
  url: string;
  door_token: string;
  room_token: string;
}

/** Which way sound and image take from now; a lesser `generation` than one heard is old news. */
export interface Way {
  topology: "p2p" | "bridge";
  generation: number;
  room: string;
  bridges: BridgeAddress[];
}

export type Said =
  | { type: "hello"; connection: string; page: string; entered: boolean; device: string; microphone: boolean; camera: boolean }
  | { type: "enter"; take_over: boolean; microphone: boolean; camera: boolean }
  | { type: "leave" }
  | { type: "end" }
  | { type: "beat" }
  | { type: "state"; microphone: boolean; camera: boolean; screen: boolean; sound_only: boolean; images: Images }
  | ({ type: "signal"; to: number; page: string } & SignalBody)
  | { type: "rename"; name: string; head_count: number; party?: number }
  | { type: "floor"; verb: FloorVerb; site?: number; order?: number[]; mode?: "free" | "strict" | "round"; seconds?: number | null }
  | { type: "agenda"; item: number }
  | { type: "introduce"; text: string; party?: number }
  | { type: "answer"; party: number; admit: boolean }
  | { type: "open" }
  | { type: "entry"; rule: "open" | "knock" }
  | { type: "chat"; key: string; text: string }
  | { type: "spoke"; seconds: number }
  | { type: "quality"; samples: Sample[] }
  | { type: "failure"; code: FailureCode; detail: string; about?: number }
  | { type: "bridge-lost"; generation: number }
  | { type: "help" }
  | { type: "document"; document: number | null; page: number }
  | { type: "pointer"; screen: number | null; x: number | null; y: number | null }
  | { type: "recording"; act: "ask" | "accept" | "refuse" | "stop" };

/** Where the recording is, and who has not accepted: `waiting` has not answered yet. */
export interface RecordingNews {
  type: "recording";
  step: "off" | "asked" | "on" | "paused";
  by: number | null;
  waiting: number[];
  refused: number[];
}

/** What lies on the table. */
export type TableNews = RecordingNews | ({ type: "document" } & Shown) | { type: "pointer"; from: number; screen: number | null; x: number | null; y: number | null };

export type FloorVerb = "ask" | "ask-reply" | "lower" | "release" | "grant" | "withdraw" | "reorder" | "set-mode" | "set-box" | "give-chair";

/** What is told of the conduct of the meeting, and of an act that came too late. */
export type Told =
  | ({ type: "conduct" } & Conduct)
  | { type: "chat"; lines: Line[] }
  | { type: "note"; what: "renamed" | "admitted" | "turned-away"; by: number | null; party: number; name: string }
  | { type: "spoken"; party: number; seconds: number }
  | Refused;

export type Refused = { type: "refused"; code: string; sentence: string; advice: string; closes: boolean };

export type FailureCode = "no-microphone" | "no-camera" | "devices-refused" | "line-failed" | "line-slow" | "too-old" | "screen-refused" | "microphone-silent" | "echo" | "sound-lost";

export type Heard =
  | { type: "welcome"; party: number; parties: number[]; transport: Way; ice_servers: RTCIceServer[]; beat_seconds: number; presence: Presence }
  | ({ type: "transport" } & Way)
  | ({ type: "presence"; left: Record<string, string> } & Presence)
  | { type: "elsewhere" }
  | { type: "superseded" }
  | { type: "asked"; what: Ask; text?: string }
  | ({ type: "signal"; from: number; page: string } & SignalBody)
  | { type: "over"; by: number | null }
  | { type: "waiting"; since: number; now: number; may_open: boolean }
  | Told
  | { type: "beat" }
  | TableNews;

const KNOWN = new Set(["welcome", "transport", "presence", "elsewhere", "superseded", "asked", "signal", "over", "refused", "beat", "conduct", "waiting", "chat", "note", "spoken", "document", "pointer", "recording"]);

/** Return what the server says, or null if a later server says something this page does not know. */
export function readHeard(text: string): Heard | null {
  const said: unknown = JSON.parse(text);
  const known = typeof said === "object" && said !== null && "type" in said && typeof said.type === "string" && KNOWN.has(said.type);
  return known ? (said as Heard) : null;
}
