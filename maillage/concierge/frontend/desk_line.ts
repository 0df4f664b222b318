/** The operator's end of the voice line: who waits, one press to answer, the voice, and the end of it. See _line.html. */
import { AudioCall } from "../../conference/frontend/audio_call.ts";
import { freshName } from "../../conference/frontend/identity.ts";
import { LineSocket, socketAddress, type LineMessage } from "../../conference/frontend/line_socket.ts";
import type { SignalBody } from "../../conference/frontend/protocol.ts";
import { say, type Texts } from "../../conference/frontend/texts.ts";
import { ringPhone } from "./phone_bell.ts";

interface Waiting {
  call: number;
  name: string;
  meeting: string;
  since: string;
}

const RING_EVERY = 4000;

export class DeskLine {
  private readonly page = freshName();
  private readonly socket: LineSocket;
  private readonly list: HTMLUListElement;
  private readonly says: HTMLElement;
  private readonly hangUpButton: HTMLButtonElement;
  private readonly title = document.title;
  private waiting: Waiting[] = [];
  private held: Waiting[] = [];
  private talkingTo: { call: number; name: string } | null = null;
  private iceServers: RTCIceServer[] = [];
  private call: AudioCall | null = null;
  private microphone: MediaStreamTrack | null = null;
  private bell = 0;

  constructor(
    private readonly panel: HTMLElement,
    private readonly texts: Texts,
  ) {
    this.list = panel.querySelector<HTMLUListElement>("[data-line-calls]")!;
    this.says = panel.querySelector<HTMLElement>("[data-line-says]")!;
    this.hangUpButton = panel.querySelector<HTMLButtonElement>("[data-line-hang-up]")!;
    this.hangUpButton.addEventListener("click", () => this.hangUp());
    this.socket = new LineSocket({
      url: socketAddress(panel.dataset["deskLine"]!),
      hello: () => (this.talkingTo ? { type: "answer", call: this.talkingTo.call, page: this.page } : null),
      heard: (message) => this.hear(message),
      changed: () => undefined,
    });
    addEventListener("beforeunload", (event) => this.talkingTo && event.preventDefault());
    this.socket.connect();
  }

  /** Take the call that waits longest. */
  answerFirst(): void {
    const first = this.waiting[0] ?? this.held[0];
    if (first && !this.talkingTo) void this.answer(first);
  }

  private async answer(call: Waiting): Promise<void> {
    if (this.talkingTo) return;
    this.talkingTo = { call: call.call, name: call.name };
    this.tell("taking", { name: call.name });
    this.draw();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
      this.microphone = stream.getAudioTracks()[0] ?? null;
    } catch {
      this.microphone = null;
    }
    this.socket.say({ type: "answer", call: call.call, page: this.page });
  }

  private hear(message: LineMessage): void {
    if (message.type === "calls") this.listCalls(message["waiting"] as Waiting[], message["held"] as Waiting[]);
    else if (message.type === "taken") this.iceServers = message["ice_servers"] as RTCIceServer[];
    else if (message.type === "signal") this.signal(message as unknown as SignalBody & { call: number });
    else if (message.type === "over" && message["call"] === this.talkingTo?.call) this.finish(say(this.texts, "over", { name: this.talkingTo!.name }));
    else if (message.type === "refused") this.finish(`${String(message["sentence"])} ${String(message["advice"])}`);
  }

  private signal(body: SignalBody & { call: number }): void {
    if (!this.talkingTo || body.call !== this.talkingTo.call) return;
    if (body.description?.type === "offer") this.open();
    this.call?.receive(body);
  }

  /** The caller's page offers a line, or a new one after it was reloaded. */
  private open(): void {
    const { call, name } = this.talkingTo!;
    this.call?.close();
    this.call = new AudioCall({
      iceServers: this.iceServers,
      microphone: this.microphone,
      send: (body) => this.socket.say({ type: "signal", call, ...body }),
      heard: (voice) => this.play(voice),
      open: (isOpen) => this.tell(isOpen ? (this.microphone ? "talking" : "talking_mute") : "no_path", { name }),
    });
  }

  private play(voice: MediaStream): void {
    const audio = this.panel.querySelector<HTMLAudioElement>("[data-line-audio]")!;
    audio.srcObject = voice;
    void audio.play().catch(() => undefined);
  }

  private hangUp(): void {
    if (!this.talkingTo) return;
    this.socket.say({ type: "hang-up", call: this.talkingTo.call });
    this.finish(say(this.texts, "over", { name: this.talkingTo.name }));
  }

  private finish(sentence: string): void {
    this.call?.close();
    this.call = null;
    this.microphone?.stop();
    this.microphone = null;
    this.talkingTo = null;
    this.says.textContent = sentence;
    this.draw();
  }

  private listCalls(waiting: Waiting[], held: Waiting[]): void {
    const known = new Set(this.waiting.map((one) => one.call));
    const fresh = waiting.find((one) => !known.has(one.call));
    this.waiting = waiting;
    this.held = held;
    if (fresh) document.querySelector("#desk-line-news")!.textContent = say(this.texts, "rings", { name: fresh.name });
    this.draw();
  }

  private draw(): void {
    const resumable = this.held.filter((one) => one.call !== this.talkingTo?.call);
    const rows = [...this.waiting.map((one) => this.row(one, "answer")), ...resumable.map((one) => this.row(one, "resume"))];
    this.list.replaceChildren(...rows);
    this.panel.hidden = rows.length === 0 && !this.talkingTo && !this.says.textContent;
    this.panel.dataset["state"] = this.talkingTo ? "talking" : this.waiting.length > 0 ? "ringing" : "idle";
    this.hangUpButton.hidden = !this.talkingTo;
    document.title = this.waiting.length > 0 ? `(${this.waiting.length}) ${this.title}` : this.title;
    const rings = this.waiting.length > 0 && !this.talkingTo;
    if (rings && !this.bell) {
      ringPhone();
      this.bell = window.setInterval(ringPhone, RING_EVERY);
    } else if (!rings) {
      clearInterval(this.bell);
      this.bell = 0;
    }
  }

  private row(call: Waiting, word: "answer" | "resume"): HTMLLIElement {
    const row = document.createElement("li");
    row.className = "cluster";
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: say(this.texts, word, { name: call.name }) });
    button.className = "button button--primary";
    button.disabled = this.talkingTo !== null;
    button.dataset["answer"] = String(call.call);
    button.addEventListener("click", () => void this.answer(call));
    row.append(button);
    if (call.meeting) {
      const link = Object.assign(document.createElement("a"), { href: `${this.panel.dataset["meetings"]}${call.meeting}`, target: "_blank", textContent: say(this.texts, "meeting") });
      row.append(link);
    }
    return row;
  }

  private tell(key: string, values: Record<string, string>): void {
    this.says.textContent = say(this.texts, key, values);
  }
}
