/** The meeting as this page lives it: socket, lines and who is in, held together. It knows nothing of the screen. */
import type { Identity } from "./identity.ts";
import { AT_FULL, climb, lineWord, type Ladder, type LineWord } from "./ladder.ts";
import { Mesh } from "./mesh.ts";
import { EMPTY, heardOf, mine, others, type Change, type Room } from "./presence.ts";
import type { FailureCode, Heard, Presence, Said } from "./protocol.ts";
import { Signalling } from "./signalling.ts";
import type { Line, Slot, Tracks, Transport } from "./transport.ts";

export interface Sends {
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  sound_only: boolean;
}

export interface MeetingEvents {
  phase: (phase: "in" | "elsewhere" | "moved" | "over") => void;
  room: (change: Change) => void;
  track: (party: number, slot: Slot, track: MediaStreamTrack) => void;
  partyLine: (party: number, line: Line) => void;
  line: (word: LineWord) => void;
  refused: (sentence: string, advice: string) => void;
  signalling: (state: "up" | "down") => void;
  asked: (what: "mute" | "sound-only") => void;
}

export interface MeetingWishes {
  url: string;
  party: number;
  identity: Identity;
  device: string;
  sends: () => Sends;
  events: MeetingEvents;
}

const ROUND = 2000;
const ROUNDS_A_REPORT = 5;

export class Meeting {
  private readonly wishes: MeetingWishes;
  private readonly signalling: Signalling;
  private readonly lines = new Map<number, Line>();
  private readonly tracks: Tracks = { audio: null, camera: null, screen: null };
  private transport: Transport | null = null;
  private iceServers: RTCIceServer[] = [];
  private room: Room = EMPTY;
  private isIn: boolean;
  private takeOver = false;
  private ladder: Ladder = AT_FULL;
  private rounds = 0;
  private timer = 0;
  private up = false;

  constructor(wishes: MeetingWishes) {
    this.wishes = wishes;
    this.isIn = wishes.identity.wasIn;
    this.signalling = new Signalling({
      url: wishes.url,
      hello: () => this.hello(),
      heard: (message) => this.hear(message),
      changed: (state, code) => this.changed(state, code),
    });
  }

  start(): void {
    this.signalling.connect();
    this.timer = window.setInterval(() => void this.measure(), ROUND);
  }

  /** Enter; what was prepared goes right behind, without waiting for the answer. */
  enter(takeOver = false): void {
    const { microphone, camera } = this.wishes.sends();
    this.isIn = true;
    this.signalling.say({ type: "enter", take_over: takeOver, microphone, camera });
    this.arrange({});
  }

  /** Take the meeting back from the other screen. */
  resumeHere(): void {
    this.takeOver = true;
    this.signalling.connect();
  }

  /** Leave, and resolve once the others know, or shortly after. */
  async leave(): Promise<void> {
    this.isIn = false;
    this.signalling.say({ type: "leave" });
    await new Promise((done) => setTimeout(done, 250));
    this.close();
  }

  say(message: Extract<Said, { type: "end" | "help" | "rename" }>): void {
    this.signalling.say(message);
  }

  failed(code: FailureCode, detail = ""): void {
    this.signalling.say({ type: "failure", code, detail: detail.slice(0, 200) });
  }

  send(slot: Slot, track: MediaStreamTrack | null): void {
    this.tracks[slot] = track;
    this.transport?.send(slot, track);
  }

  /** Tell the others what this page sends now. */
  stateChanged(): void {
    if (this.isIn) this.signalling.say({ type: "state", ...this.wishes.sends() });
  }

  close(): void {
    clearInterval(this.timer);
    this.signalling.stop();
    this.hangUp();
  }

  private hello(): Said {
    const { identity, device } = this.wishes;
    const { microphone, camera } = this.wishes.sends();
    return { type: "hello", connection: identity.connection, page: identity.page, entered: this.isIn && !this.takeOver, device, microphone, camera };
  }

  private hear(message: Heard): void {
    switch (message.type) {
      case "welcome":
        this.iceServers = message.ice_servers;
        this.hearPresence(message.presence, {});
        if (this.takeOver) this.enter(true);
        this.takeOver = false;
        return;
      case "presence":
        return this.hearPresence(message, message.left);
      case "signal":
        return this.transport?.receive(message.from, message.page, message);
      case "elsewhere":
        this.isIn = false;
        this.hangUp();
        this.arrange({});
        return this.wishes.events.phase("elsewhere");
      case "asked":
        return this.wishes.events.asked(message.what);
      case "superseded":
        this.isIn = false;
        this.hangUp();
        return this.wishes.events.phase("moved");
      case "over":
        this.isIn = false;
        this.close();
        return this.wishes.events.phase("over");
      case "refused":
        if (message.code !== "not-in") this.wishes.events.refused(message.sentence, message.advice);
    }
  }

  private hearPresence(told: Presence, left: Record<string, string>): void {
    const change = heardOf(this.room, told);
    if (!change) return;
    this.room = change.room;
    this.arrange(left);
    this.wishes.events.room(change);
    if (mine(this.room, this.wishes.party, this.wishes.identity.page)) this.wishes.events.phase("in");
  }

  private arrange(left: Readonly<Record<string, string>>): void {
    this.transport ??= this.link();
    const me = mine(this.room, this.wishes.party, this.wishes.identity.page);
    this.transport.arrange(others(this.room, this.wishes.party), { isIn: this.isIn, order: me?.order ?? Infinity }, left);
  }

  private link(): Transport {
    const mesh = new Mesh(this.iceServers, {
      track: this.wishes.events.track,
      line: (party, line) => {
        this.lines.set(party, line);
        this.wishes.events.partyLine(party, line);
        this.word();
      },
      gone: (party) => {
        this.lines.delete(party);
        this.word();
      },
      signal: (to, page, body) => this.signalling.say({ type: "signal", to, page, ...body }),
    });
    for (const slot of ["audio", "camera", "screen"] as const) mesh.send(slot, this.tracks[slot]);
    return mesh;
  }

  private hangUp(): void {
    this.transport?.close();
    this.transport = null;
    this.lines.clear();
  }

  private changed(state: "up" | "down" | "closed", code: number): void {
    this.up = state === "up";
    if (state === "up") this.transport?.resume();
    if (state === "closed" && code !== 4409 && code !== 1000) this.close();
    if (state !== "closed") this.wishes.events.signalling(state);
    this.word();
  }

  private word(): void {
    this.wishes.events.line(lineWord([...this.lines.values()], this.ladder, this.up));
  }

  private async measure(): Promise<void> {
    const samples = (await this.transport?.measure()) ?? [];
    const before = this.ladder.step;
    this.ladder = climb(this.ladder, samples);
    this.transport?.setStep(this.ladder.step);
    if (this.ladder.step !== before) this.word();
    this.rounds += 1;
    if (this.isIn && samples.length > 0 && this.rounds % ROUNDS_A_REPORT === 0) this.signalling.say({ type: "quality", samples });
  }
}
