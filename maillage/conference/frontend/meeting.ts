/** The meeting as this page lives it: socket, lines and who is in, held together. It knows nothing of the screen. */
import { Handover } from "./handover.ts";
import { AT_FULL, climb, lineWord, stepAt, type Ladder } from "./ladder.ts";
import type { MeetingWishes } from "./meeting_wishes.ts";
import { EMPTY, heardOf, mine, others, type Room } from "./presence.ts";
import type { FailureCode, Heard, Presence, Said, Way } from "./protocol.ts";
import { Signalling } from "./signalling.ts";
import type { Line, Slot } from "./transport.ts";
import { WayFinder } from "./way_finder.ts";

/** Refusals of one act, after which the meeting goes on, and nothing has to be said. */
const PASSING = new Set(["not-in", "document-unknown", "recording-unavailable", "recording-unknown"]);
const ROUND = 2000;
const ROUNDS_A_REPORT = 5;

export class Meeting {
  private readonly wishes: MeetingWishes;
  private readonly signalling: Signalling;
  private readonly lines = new Map<number, Line>();
  private readonly handover: Handover;
  private readonly ways: WayFinder;
  private room: Room = EMPTY;
  private isIn: boolean;
  private isWaiting = false;
  private takeOver = false;
  private ladder: Ladder = AT_FULL;
  private rounds = 0;
  private timer = 0;
  private up = false;

  constructor(wishes: MeetingWishes) {
    this.wishes = wishes;
    this.isIn = wishes.identity.wasIn;
    this.handover = new Handover({
      track: wishes.events.track,
      line: (party, line) => this.lineChanged(party, line),
      gone: (party) => this.lineGone(party),
      signal: (to, page, body) => this.signalling.say({ type: "signal", to, page, ...body }),
      lost: () => this.ways.lost(),
    });
    this.ways = new WayFinder({
      handover: this.handover,
      names: wishes.identity.names,
      bridgeScript: wishes.bridgeScript,
      ask: (generation) => this.signalling.say({ type: "bridge-lost", generation }),
      failed: (detail) => this.failed("line-failed", detail),
    });
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

  say(message: Said): void {
    this.signalling.say(message);
  }

  /** Note what went wrong here, or `about` another party. */
  failed(code: FailureCode, detail = "", about?: number): void {
    this.signalling.say({ type: "failure", code, detail: detail.slice(0, 200), ...(about !== undefined && { about }) });
  }

  send(slot: Slot, track: MediaStreamTrack | null): void {
    this.handover.send(slot, track);
  }

  /** Tell how large a picture is shown: the bridge sends no larger one. */
  shown(party: number, slot: Slot, height: number): void {
    this.handover.shown(party, slot, height);
  }

  /** Tell the others what this page sends now. */
  stateChanged(): void {
    if (this.isIn) this.signalling.say({ type: "state", ...this.wishes.sends(), images: stepAt(this.ladder.step).others });
  }

  close(): void {
    clearInterval(this.timer);
    this.signalling.stop();
    this.hangUp();
  }

  private hello(): Said {
    const { identity, device } = this.wishes;
    const { microphone, camera } = this.wishes.sends();
    return { type: "hello", connection: identity.connection, page: identity.page, entered: (this.isIn || this.isWaiting) && !this.takeOver, device, microphone, camera };
  }

  private hear(message: Heard): void {
    switch (message.type) {
      case "welcome":
        this.ways.iceServers = message.ice_servers;
        this.follow(message.transport);
        this.hearPresence(message.presence, {});
        if (this.takeOver) this.enter(true);
        this.takeOver = false;
        return;
      case "transport":
        return this.follow(message);
      case "presence":
        return this.hearPresence(message, message.left);
      case "signal":
        return this.handover.receive(message.from, message.page, message);
      case "elsewhere":
        this.isIn = false;
        this.hangUp();
        this.ways.again();
        this.arrange({});
        return this.wishes.events.phase("elsewhere");
      case "asked":
        return this.wishes.events.asked(message.what, message.text ?? "");
      case "superseded":
        this.isIn = false;
        this.hangUp();
        return this.wishes.events.phase("moved");
      case "over":
        this.isIn = false;
        this.close();
        return this.wishes.events.phase("over");
      case "document":
      case "pointer":
      case "recording":
        return this.wishes.events.table(message);
      case "waiting":
        return this.wait(message.may_open);
      case "refused":
        if (message.closes) return this.wishes.events.refused(message.sentence, message.advice);
        if (!PASSING.has(message.code)) this.wishes.events.told(message);
        return;
      case "conduct":
      case "chat":
      case "note":
      case "spoken":
        return this.wishes.events.told(message);
    }
  }

  private hearPresence(told: Presence, left: Record<string, string>): void {
    const change = heardOf(this.room, told);
    if (!change) return;
    this.room = change.room;
    const isThere = mine(this.room, this.wishes.party, this.wishes.identity.page) !== undefined;
    if (isThere && this.isWaiting) [this.isWaiting, this.isIn] = [false, true];
    this.arrange(left);
    this.wishes.events.room(change);
    if (isThere) this.wishes.events.phase("in");
  }

  /** At the door until someone opens: nothing leaves this page meanwhile. */
  private wait(mayOpen: boolean): void {
    if (!this.isWaiting) {
      [this.isWaiting, this.isIn] = [true, false];
      this.hangUp();
      this.ways.again();
      this.arrange({});
      this.wishes.events.phase("waiting");
    }
    this.wishes.events.waiting(mayOpen);
  }

  private arrange(left: Readonly<Record<string, string>>): void {
    const me = mine(this.room, this.wishes.party, this.wishes.identity.page);
    const order = me?.order ?? Infinity;
    this.handover.arrange(others(this.room, this.wishes.party), { isIn: this.isIn, order, soundOnly: this.wishes.sends().sound_only }, left);
  }

  private follow(way: Way): void {
    void this.ways.follow(way);
  }

  private lineChanged(party: number, line: Line): void {
    this.lines.set(party, line);
    this.wishes.events.partyLine(party, line);
    this.word();
  }

  private lineGone(party: number): void {
    this.lines.delete(party);
    this.word();
  }

  private hangUp(): void {
    this.ways.stop();
    this.lines.clear();
  }

  private changed(state: "up" | "down" | "closed", code: number): void {
    this.up = state === "up";
    if (state === "up") this.handover.resume();
    if (state === "closed" && code !== 4409 && code !== 1000) this.close();
    if (state !== "closed") this.wishes.events.signalling(state);
    this.word();
  }

  private word(): void {
    this.wishes.events.line(lineWord([...this.lines.values()], this.ladder, this.up));
  }

  private async measure(): Promise<void> {
    const samples = await this.handover.measure();
    const before = this.ladder.step;
    if (!this.handover.isUnsettled(performance.now())) this.ladder = climb(this.ladder, samples);
    this.handover.setStep(this.ladder.step);
    if (this.ladder.step !== before) this.stepped(before);
    this.rounds += 1;
    if (this.isIn && samples.length > 0 && this.rounds % ROUNDS_A_REPORT === 0) this.signalling.say({ type: "quality", samples });
  }

  private stepped(before: number): void {
    const [was, now] = [stepAt(before), stepAt(this.ladder.step)];
    this.word();
    if (was.others !== now.others) this.stateChanged();
    if (now.word === "phone") this.failed("sound-lost");
  }
}
