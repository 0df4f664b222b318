/** The socket of the voice line: it comes back by itself, beats, and says what it hears. It knows nothing of sound. */
import { delayBefore } from "./backoff.ts";

export interface LineMessage {
  type: string;
  [field: string]: unknown;
}

export interface LineSocketWishes {
  url: string;
  /** Said first on every socket. */
  hello: () => object | null;
  heard: (message: LineMessage) => void;
  /** False while it is away. */
  changed: (isUp: boolean) => void;
}

const REFUSED = 4403;
const BEAT = 4000;

export class LineSocket {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private timer = 0;
  private retry = 0;
  private stopped = false;
  private readonly wishes: LineSocketWishes;

  constructor(wishes: LineSocketWishes) {
    this.wishes = wishes;
  }

  connect(): void {
    this.stopped = false;
    clearTimeout(this.retry);
    const socket = new WebSocket(this.wishes.url);
    this.socket = socket;
    socket.onopen = () => {
      this.attempt = 0;
      const hello = this.wishes.hello();
      if (hello) this.say(hello);
      this.timer = window.setInterval(() => this.say({ type: "beat" }), BEAT);
      this.wishes.changed(true);
    };
    socket.onmessage = ({ data }) => this.wishes.heard(JSON.parse(String(data)) as LineMessage);
    socket.onclose = ({ code }) => {
      if (socket !== this.socket) return;
      this.socket = null;
      clearInterval(this.timer);
      if (this.stopped || code === REFUSED) return;
      this.wishes.changed(false);
      this.retry = window.setTimeout(() => this.connect(), delayBefore(this.attempt++, Math.random()));
    };
  }

  say(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    clearInterval(this.timer);
    this.socket?.close(1000);
    this.socket = null;
  }
}

/** The full address of a socket of ours. */
export function socketAddress(path: string): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}
