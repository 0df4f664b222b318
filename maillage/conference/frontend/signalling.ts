/** The page's socket. It comes back by itself; what it brings back is said by `hello`. It knows nothing of media. */
import { delayBefore } from "./backoff.ts";
import { readHeard, type Heard, type Said } from "./protocol.ts";

export interface SignallingWishes {
  url: string;
  hello: () => Said;
  heard: (message: Heard) => void;
  /** "up" once welcomed, "down" while trying again, "closed" when it will not try again; `code` says why. */
  changed: (state: "up" | "down" | "closed", code: number) => void;
}

/** Closing codes after which trying again would be answered alike. 1000: the meeting is over. */
const FINAL = new Set([1000, 4400, 4403, 4404, 4409, 4410, 4413]);
const LONGEST_OUTBOX = 200;
/** How long an opening may take: one begun while the line was cut would be tried again by the system ever later. */
const OPENING = 4000;
/** What is no longer true once the socket is back: the welcome says where the meeting is. */
const OF_THE_MOMENT = new Set<Said["type"]>(["beat", "quality", "pointer", "bridge-lost"]);

export class Signalling {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private beatSeconds = 4;
  private heardAt = 0;
  private timer = 0;
  private retry = 0;
  private outbox: Said[] = [];
  private stopped = false;
  private readonly wishes: SignallingWishes;

  constructor(wishes: SignallingWishes) {
    this.wishes = wishes;
    addEventListener("online", this.hurry);
  }

  /** Open the socket, or open it again after it was closed for good. */
  connect(): void {
    this.stopped = false;
    clearTimeout(this.retry);
    const socket = new WebSocket(this.wishes.url);
    this.socket = socket;
    const late = setTimeout(() => socket === this.socket && this.drop(), OPENING);
    socket.onopen = () => {
      clearTimeout(late);
      socket.send(JSON.stringify(this.wishes.hello()));
      for (const kept of this.outbox.splice(0)) socket.send(JSON.stringify(kept));
      this.watch();
    };
    socket.onmessage = ({ data }) => this.hear(String(data));
    socket.onclose = ({ code }) => {
      clearTimeout(late);
      this.closed(socket, code);
    };
  }

  /** Send now; while the socket is away, keep what other pages wait for and forget the rest. */
  say(message: Said): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    else if (!OF_THE_MOMENT.has(message.type) && this.outbox.length < LONGEST_OUTBOX) this.outbox.push(message);
  }

  /** Close for good. */
  stop(): void {
    this.stopped = true;
    removeEventListener("online", this.hurry);
    clearTimeout(this.retry);
    clearInterval(this.timer);
    this.socket?.close(1000);
  }

  private hear(text: string): void {
    this.heardAt = performance.now();
    const message = readHeard(text);
    if (!message) return;
    if (message.type === "welcome") {
      this.attempt = 0;
      this.beatSeconds = message.beat_seconds;
      this.watch();
    }
    this.wishes.heard(message);
    if (message.type === "welcome") this.wishes.changed("up", 0);
  }

  /** Beat, and drop a socket on which nothing comes any more: a cut line does not say that it is cut. */
  private watch(): void {
    clearInterval(this.timer);
    this.heardAt = performance.now();
    this.timer = window.setInterval(() => {
      const silence = performance.now() - this.heardAt;
      if (silence > this.beatSeconds * 2200) this.drop();
      else this.say({ type: "beat" });
    }, this.beatSeconds * 1000);
  }

  private drop(): void {
    const socket = this.socket;
    if (!socket) return;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    this.closed(socket, 1006);
  }

  private closed(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    this.socket = null;
    clearInterval(this.timer);
    if (this.stopped || FINAL.has(code)) {
      this.wishes.changed("closed", code);
      return;
    }
    this.wishes.changed("down", code);
    const wait = code === 4429 ? 10_000 : delayBefore(this.attempt++, Math.random());
    this.retry = window.setTimeout(() => this.connect(), wait);
  }

  private readonly hurry = (): void => {
    if (!this.socket && !this.stopped) this.connect();
  };
}
