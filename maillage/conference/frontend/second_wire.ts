/** The wire between a room's two screens when they are two machines: the server passes on what each says to the other. */
import { delayBefore } from "./backoff.ts";
import { socketAddress } from "./line_socket.ts";
import { GONE_AFTER, type News } from "./second_news.ts";

/** Under /station, where alone the keys of the screens travel. */
const PATH = "/station/ecran/fil";
const LONGEST_WAIT = 20_000;
/** While the other end says nothing, this one still says that often that it is there: the server answers. */
const ALONE_EVERY = 10_000;
const SILENT_AFTER = 35_000;

export const REFUSED = 4403;
export const TAKEN = 4409;

/** What the server says first: to the main screen its paths, to the second one whose it is. */
export interface Welcome {
  ice_servers?: RTCIceServer[];
  room?: string;
  point?: string;
  zone?: string;
  version?: string;
}

type Side = "main" | "second";

export interface WireWishes {
  heard: (news: News) => void;
  welcomed: (welcome: Welcome) => void;
  /** The server, or the line, hung up: return whether to come back. */
  closed: (code: number) => boolean;
}

export class SecondWire {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private saidAt = -Infinity;
  private otherAt = -Infinity;
  private answeredAt = 0;
  private readonly side: Side;
  private readonly wishes: WireWishes;

  constructor(side: Side, wishes: WireWishes) {
    this.side = side;
    this.wishes = wishes;
    setInterval(() => this.watch(), ALONE_EVERY);
  }

  get isUp(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Be on the line, now and after each cut. */
  keep(): void {
    if (this.socket) return;
    clearTimeout(this.retry);
    const opened = new WebSocket(socketAddress(`${PATH}?${this.side}`));
    this.socket = opened;
    this.answeredAt = performance.now();
    opened.onmessage = ({ data }) => this.hear(JSON.parse(String(data)) as News | ({ type: "welcome" } & Welcome) | { type: "beat" });
    opened.onclose = ({ code }) => opened === this.socket && this.leave(code);
  }

  say(news: News): void {
    const instant = performance.now();
    const isAlone = instant - this.otherAt > GONE_AFTER;
    if (!this.isUp || (isAlone && instant - this.saidAt < ALONE_EVERY)) return;
    this.saidAt = instant;
    this.socket!.send(JSON.stringify(news));
  }

  private hear(message: News | ({ type: "welcome" } & Welcome) | { type: "beat" }): void {
    this.answeredAt = performance.now();
    if (message.type === "beat") return;
    if (message.type === "welcome") {
      this.attempt = 0;
      this.saidAt = -Infinity;
      return this.wishes.welcomed(message);
    }
    this.otherAt = this.answeredAt;
    this.wishes.heard(message);
  }

  /** A line that died in silence is left, so that another is opened. */
  private watch(): void {
    if (!this.socket || performance.now() - this.answeredAt < SILENT_AFTER) return;
    const silent = this.socket;
    this.leave(0);
    silent.close();
  }

  private leave(code: number): void {
    this.socket = null;
    if (this.wishes.closed(code)) this.retry = setTimeout(() => this.keep(), delayBefore(this.attempt++, Math.random(), LONGEST_WAIT));
  }
}
