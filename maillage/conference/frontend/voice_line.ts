/** « Aide »: speak to the concierge from this page, whatever the meeting does.
 *
 *  <section data-voice-line="/ws/aide/…"> [data-line-ring] [data-line-hang-up] [data-line-says] <audio data-line-audio> </section>
 */
import { AudioCall } from "./audio_call.ts";
import { LineSocket, socketAddress, type LineMessage } from "./line_socket.ts";
import type { SignalBody } from "./protocol.ts";
import { say, type Texts } from "./texts.ts";

export type LineState = "idle" | "ringing" | "talking" | "missed";

export interface VoiceLine {
  /** Ring now, as the button does. */
  ring(): void;
  hangUp(): void;
}

/** Bind the panel. `changed` hears of each new state: a page that is in a meeting closes its microphone meanwhile. */
export function mountVoiceLine(panel: HTMLElement, texts: Texts, changed: (state: LineState) => void = () => undefined): VoiceLine {
  return new Caller(panel, texts, changed);
}

class Caller implements VoiceLine {
  private readonly says: HTMLElement;
  private readonly ringButton: HTMLButtonElement;
  private readonly hangUpButton: HTMLButtonElement;
  private readonly socket: LineSocket;
  private call: AudioCall | null = null;
  private microphone: MediaStreamTrack | null = null;
  private iceServers: RTCIceServer[] = [];
  private deskPage = "";
  private state: LineState = "idle";
  private leaving = 0;

  constructor(
    private readonly panel: HTMLElement,
    private readonly texts: Texts,
    private readonly changed: (state: LineState) => void,
  ) {
    this.says = panel.querySelector<HTMLElement>("[data-line-says]")!;
    this.ringButton = panel.querySelector<HTMLButtonElement>("[data-line-ring]")!;
    this.hangUpButton = panel.querySelector<HTMLButtonElement>("[data-line-hang-up]")!;
    this.socket = new LineSocket({
      url: socketAddress(panel.dataset["voiceLine"]!),
      hello: () => ({ type: "ring", language: document.documentElement.lang.startsWith("en") ? "en" : "fr" }),
      heard: (message) => this.hear(message),
      changed: (isUp) => !isUp && this.cut(),
    });
    this.ringButton.addEventListener("click", () => this.ring());
    this.hangUpButton.addEventListener("click", () => this.hangUp());
    addEventListener("pagehide", () => this.state !== "idle" && this.socket.say({ type: "hang-up" }));
  }

  ring(): void {
    if (this.state === "ringing" || this.state === "talking") return;
    this.show("ringing", say(this.texts, "voice_opening"));
    void this.open();
  }

  hangUp(): void {
    if (this.state !== "ringing" && this.state !== "talking") return;
    this.socket.say({ type: "hang-up" });
    this.finish("idle", say(this.texts, "voice_over"));
  }

  private async open(): Promise<void> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
      this.microphone = stream.getAudioTracks()[0] ?? null;
    } catch {
      this.microphone = null; // they may still hear us: the operator is told that nothing comes
    }
    if (this.state === "ringing") this.socket.connect();
    else this.microphone?.stop();
  }

  private hear(message: LineMessage): void {
    if (message.type === "waiting") this.wait(message);
    else if (message.type === "answered") this.talk(String(message["page"]));
    else if (message.type === "signal") this.call?.receive(message as unknown as SignalBody);
    else if (message.type === "over") this.finish("idle", say(this.texts, "voice_over"));
    else if (message.type === "missed") this.finish("missed", withPhone(String(message["sentence"]), String(message["phone"])));
    else if (message.type === "refused") this.finish("missed", `${String(message["sentence"])} ${String(message["advice"])}`);
  }

  private wait(message: LineMessage): void {
    this.iceServers = message["ice_servers"] as RTCIceServer[];
    if (message["is_answered"]) return this.talk(this.deskPage); // the socket came back, or this page did, in the middle of the call
    this.show("ringing", say(this.texts, this.microphone ? "voice_ringing" : "voice_ringing_mute"));
  }

  private talk(page: string): void {
    if (page === this.deskPage && this.call?.isOpen) return;
    this.deskPage = page;
    this.call?.close();
    this.call = new AudioCall({
      iceServers: this.iceServers,
      microphone: this.microphone,
      send: (body) => this.socket.say({ type: "signal", ...body }),
      heard: (voice) => this.play(voice),
      open: (isOpen) => this.show("talking", say(this.texts, isOpen ? "voice_talking" : "voice_no_path")),
    });
    this.call.offer();
    this.show("talking", say(this.texts, "voice_answered"));
  }

  private play(voice: MediaStream): void {
    const audio = this.panel.querySelector<HTMLAudioElement>("[data-line-audio]")!;
    audio.srcObject = voice;
    void audio.play().catch(() => undefined);
  }

  /** Voices that pass do not need the socket; a call that rings does. */
  private cut(): void {
    if (!this.call?.isOpen && this.state === "ringing") this.show("ringing", say(this.texts, "voice_cut_ringing"));
  }

  private finish(state: LineState, sentence: string): void {
    this.call?.close();
    this.call = null;
    this.microphone?.stop();
    this.microphone = null;
    this.deskPage = "";
    clearTimeout(this.leaving);
    this.leaving = window.setTimeout(() => this.state !== "ringing" && this.state !== "talking" && this.socket.stop(), 500);
    this.show(state, sentence);
  }

  private show(state: LineState, sentence: string): void {
    const before = this.state;
    this.state = state;
    this.panel.dataset["state"] = state;
    this.says.textContent = sentence;
    const busy = state === "ringing" || state === "talking";
    this.ringButton.hidden = busy;
    this.hangUpButton.hidden = !busy;
    if (before === state) return;
    if (busy && document.activeElement === this.ringButton) this.hangUpButton.focus();
    this.changed(state);
  }
}

function withPhone(sentence: string, phone: string): string {
  return phone ? `${sentence} ${phone.replace(/(\d\d)(?=\d)/g, "$1\u202f")}` : sentence;
}
