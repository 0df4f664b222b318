/** How media reach the other parties. The page knows only this; the mesh is one way, the bridge another, and
 *  `Handover` takes the page from one to the other without a gap. */
import type { Present, Sample, SignalBody, Way } from "./protocol.ts";

export type Slot = "audio" | "camera" | "screen";
export const SLOTS: readonly Slot[] = ["audio", "camera", "screen"];
export type Line = "connecting" | "connected" | "cut";
export type Tracks = Record<Slot, MediaStreamTrack | null>;

export interface TransportEvents {
  /** A party's sound or picture can be played from `track`. */
  track: (party: number, slot: Slot, track: MediaStreamTrack) => void;
  line: (party: number, line: Line) => void;
  gone: (party: number) => void;
  /** For the page of another party. */
  signal: (to: number, page: string, body: SignalBody) => void;
  /** The bridge is lost: the server says where to go. */
  lost: (generation: number) => void;
}

export interface Me {
  isIn: boolean;
  order: number;
  soundOnly: boolean;
}

export interface Transport {
  /** It takes what other pages `signal`. */
  readonly hearsPages: boolean;
  /** Link with `others`; nothing leaves the page before `isIn`. `left` says why those no longer there went. */
  arrange(others: readonly Present[], me: Me, left: Readonly<Record<string, string>>): void;
  receive(from: number, page: string, body: SignalBody): void;
  send(slot: Slot, track: MediaStreamTrack | null): void;
  /** The socket is back: offers lost with it are made again. */
  resume(): void;
  /** Measures of each line since the last call. */
  measure(): Promise<Sample[]>;
  /** How much picture may be sent: a step of the ladder. */
  setStep(step: number): void;
  /** How large a picture is shown here, in pixels of the screen; 0 when it is not. */
  shown(party: number, slot: Slot, height: number): void;
  /** Tell whether `way` is the one this transport already follows; it then takes what is new in it. */
  follows(way: Way): boolean;
  close(): void;
}
