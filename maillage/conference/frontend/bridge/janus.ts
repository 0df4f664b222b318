/** One session with a Janus server over one websocket, in promises. It knows the protocol, nothing of rooms nor media. */
export type Data = Record<string, unknown>;
export interface Jsep {
  type: "offer" | "answer";
  sdp: string;
}
export interface Told {
  data: Data;
  jsep: Jsep | null;
}

/** The server said no; `code` is its own. */
export class JanusRefused extends Error {
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

export class JanusLost extends Error {}

interface Message {
  janus: string;
  transaction?: string;
  sender?: number;
  data?: { id: number };
  error?: { code: number; reason: string };
  plugindata?: { data: Data };
  jsep?: Jsep;
  candidate?: RTCIceCandidateInit & { completed?: boolean };
}

interface Waiting {
  settle: (message: Message) => void;
  fail: (reason: Error) => void;
  byAck: boolean;
}

/** A first packet lost is sent again after one second: longer than that, and a line that is back is noticed late. */
const OPENING = 2500;
const ANSWER = 2500;
const ALIVE = 4000;

export class Handle {
  readonly id: number;
  /** What the server says unasked: a plugin's news, or a verb such as "hangup". */
  heard: (told: Told, verb: string) => void = () => undefined;
  /** A path to the server, told while its description is on its way. */
  found: (candidate: RTCIceCandidateInit) => void = () => undefined;
  private readonly session: Session;

  constructor(session: Session, id: number) {
    this.session = session;
    this.id = id;
  }

  /** Ask the plugin; resolve with its final answer. Rejects with JanusRefused or JanusLost. */
  async ask(body: Data, jsep?: Jsep): Promise<Told> {
    return toldBy(await this.session.call("message", jsep ? { body, jsep } : { body }, this.id));
  }

  trickle(candidate: RTCIceCandidateInit | null): void {
    void this.session.call("trickle", { candidate: candidate ?? { completed: true } }, this.id).catch(() => undefined);
  }
}

/** Return what a plugin said. Throws JanusRefused if that is a refusal. */
function toldBy(message: Message): Told {
  const data = message.plugindata?.data ?? {};
  if (typeof data.error === "string") throw new JanusRefused(Number(data.error_code ?? 0), data.error);
  return { data, jsep: message.jsep ?? null };
}

export class Session {
  /** Called once, when nothing more comes from this server. */
  lost: () => void = () => undefined;
  token: string;
  private readonly url: string;
  private socket: WebSocket | null = null;
  private id = 0;
  private count = 0;
  private alive = 0;
  private readonly waiting = new Map<string, Waiting>();
  private readonly handles = new Map<number, Handle>();

  constructor(url: string, token: string) {
    this.url = url;
    this.token = token;
  }

  /** Connect and begin a session. */
  async open(): Promise<void> {
    await this.connect();
    this.id = (await this.call("create")).data?.id ?? 0;
  }

  /** After the websocket was lost: take the session back on a new one. False if the server no longer has it. */
  async reclaim(): Promise<boolean> {
    try {
      await this.connect();
      await this.call("claim");
      return true;
    } catch {
      return false;
    }
  }

  async attach(plugin: string): Promise<Handle> {
    const handle = new Handle(this, (await this.call("attach", { plugin })).data?.id ?? 0);
    this.handles.set(handle.id, handle);
    return handle;
  }

  /** Send one request; resolve with the server's final answer. */
  call(janus: string, body: Data = {}, handle = 0): Promise<Message> {
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new JanusLost());
    const transaction = `t${(this.count += 1)}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settled(() => reject(new JanusLost())), ANSWER);
      const settled = (then: () => void): void => {
        clearTimeout(timer);
        this.waiting.delete(transaction);
        then();
      };
      this.waiting.set(transaction, {
        byAck: janus === "trickle" || janus === "keepalive",
        settle: (message) => settled(() => (message.error ? reject(new JanusRefused(message.error.code, message.error.reason)) : resolve(message))),
        fail: (reason) => settled(() => reject(reason)),
      });
      const where = { ...(this.id > 0 && { session_id: this.id }), ...(handle > 0 && { handle_id: handle }) };
      socket.send(JSON.stringify({ janus, transaction, token: this.token, ...where, ...body }));
    });
  }

  /** End the session: whatever it carried ends. */
  close(): void {
    this.lost = () => undefined;
    void this.call("destroy").catch(() => undefined);
    this.drop();
  }

  private connect(): Promise<void> {
    this.drop();
    const socket = new WebSocket(new URL(this.url, location.href.replace(/^http/, "ws")), "janus-protocol");
    this.socket = socket;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => socket.close(), OPENING);
      let isOpen = false;
      socket.onopen = () => {
        isOpen = true;
        clearTimeout(timer);
        this.alive = window.setInterval(() => void this.keepAlive(socket), ALIVE);
        resolve();
      };
      socket.onmessage = ({ data }) => this.hear(JSON.parse(String(data)) as Message);
      socket.onclose = () => {
        clearTimeout(timer);
        reject(new JanusLost());
        if (isOpen && socket === this.socket) this.gone();
      };
    });
  }

  /** A cut line does not say that it is cut: an unanswered sign of life does. */
  private async keepAlive(socket: WebSocket): Promise<void> {
    const late = window.setTimeout(() => socket === this.socket && this.gone(), ALIVE);
    await this.call("keepalive").catch(() => undefined);
    clearTimeout(late);
  }

  private gone(): void {
    this.drop();
    this.lost();
  }

  private drop(): void {
    clearInterval(this.alive);
    const { socket } = this;
    this.socket = null;
    socket?.close();
    for (const { fail } of [...this.waiting.values()]) fail(new JanusLost());
  }

  private hear(message: Message): void {
    if (message.janus === "timeout") return this.gone();
    const waiting = this.waiting.get(message.transaction ?? "");
    if (waiting) {
      if (message.janus !== "ack" || waiting.byAck) waiting.settle(message);
      return;
    }
    const handle = this.handles.get(message.sender ?? 0);
    if (message.janus === "trickle") return message.candidate?.candidate ? handle?.found(message.candidate) : undefined;
    handle?.heard({ data: message.plugindata?.data ?? {}, jsep: message.jsep ?? null }, message.janus);
  }
}
