/** What a meeting asks of the page that shows it, and what it tells it. */
import type { Ask } from "./asked.ts";
import type { Identity } from "./identity.ts";
import type { LineWord } from "./ladder.ts";
import type { Change } from "./presence.ts";
import type { TableNews, Told } from "./protocol.ts";
import type { Line, Slot } from "./transport.ts";

export interface Sends {
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  sound_only: boolean;
}

export interface MeetingEvents {
  phase: (phase: "in" | "waiting" | "elsewhere" | "moved" | "over") => void;
  room: (change: Change) => void;
  track: (party: number, slot: Slot, track: MediaStreamTrack) => void;
  partyLine: (party: number, line: Line) => void;
  line: (word: LineWord) => void;
  refused: (sentence: string, advice: string) => void;
  signalling: (state: "up" | "down") => void;
  asked: (what: Ask, text: string) => void;
  table: (news: TableNews) => void;
  told: (message: Told) => void;
  /** Waiting at the door: whether this side may now open for itself. */
  waiting: (mayOpen: boolean) => void;
}

export interface MeetingWishes {
  url: string;
  party: number;
  identity: Identity;
  device: string;
  /** Address of the script of the bridge, fetched when first needed. */
  bridgeScript: string;
  sends: () => Sends;
  events: MeetingEvents;
}
