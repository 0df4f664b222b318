/** Listens to the meeting ten times a second, so that people need not say « on ne vous entend pas »: plays the sites as loud
 *  as each other, and tells who speaks with the sound cut, whose microphone is dead, and which site sends our voice back. */
import { echoDelay, KEPT, STEP } from "./echo.ts";
import { heard, SILENT, volumesOf, type Voices } from "./loudness.ts";
import { audioContext, levelOf } from "./meter.ts";
import { after, isDead, QUIET, speaksWhileCut, type OwnVoice } from "./own_voice.ts";

export type SoundTrouble = { what: "talking-cut" | "microphone-silent" } | { what: "echo"; party: number; delay: number };

export interface SoundWatchWishes {
  /** Our sound goes to the others now. */
  isOn: () => boolean;
  volume: (party: number, volume: number) => void;
  /** What is wrong with the sound now, or null. Told when it changes. */
  trouble: (now: SoundTrouble | null) => void;
}

interface Ear {
  analyser: AnalyserNode;
  source: MediaStreamAudioSourceNode;
  levels: number[];
  samples: Float32Array<ArrayBuffer>;
}

/** How often echoes are looked for, in moments; and how much a site that echoes is turned down. */
const LOOK = 20;
const DAMPED = 0.4;

export class SoundWatch {
  private readonly wishes: SoundWatchWishes;
  private readonly sites = new Map<number, Ear>();
  private readonly echoing = new Map<number, number>();
  private own: Ear | null = null;
  private ownTrack: MediaStreamTrack | null = null;
  private voice: OwnVoice = QUIET;
  private voices: Voices = SILENT;
  private told = "";
  private moments = 0;
  private readonly timer: number;

  constructor(wishes: SoundWatchWishes) {
    this.wishes = wishes;
    this.timer = window.setInterval(() => this.moment(), STEP);
  }

  /** Listen to our own microphone: a copy of it, which still hears when our sound is cut. */
  listenTo(microphone: MediaStreamTrack | null): void {
    this.ownTrack?.stop();
    this.own?.source.disconnect();
    this.ownTrack = microphone?.clone() ?? null;
    if (this.ownTrack) this.ownTrack.enabled = true;
    this.own = this.ownTrack && this.ear(this.ownTrack);
    this.voice = QUIET;
  }

  hear(party: number, sound: MediaStreamTrack): void {
    this.sites.get(party)?.source.disconnect();
    this.sites.set(party, this.ear(sound));
  }

  /** Forget every site but `present`. */
  keep(present: ReadonlySet<number>): void {
    for (const [party, ear] of this.sites) {
      if (present.has(party)) continue;
      ear.source.disconnect();
      this.sites.delete(party);
      this.echoing.delete(party);
      this.voices = { spoken: new Map([...this.voices.spoken].filter(([site]) => site !== party)) };
    }
  }

  stop(): void {
    clearInterval(this.timer);
    this.listenTo(null);
    this.keep(new Set());
  }

  private ear(track: MediaStreamTrack): Ear {
    const context = audioContext();
    const source = context.createMediaStreamSource(new MediaStream([track]));
    const analyser = new AnalyserNode(context, { fftSize: 2048 });
    source.connect(analyser);
    return { analyser, source, levels: [], samples: new Float32Array(analyser.fftSize) };
  }

  private moment(): void {
    const isOn = this.wishes.isOn();
    if (this.own) this.voice = after(this.voice, this.level(this.own), isOn);
    for (const [party, ear] of this.sites) {
      this.level(ear);
      this.voices = heard(this.voices, party, rms(ear.samples));
    }
    this.moments += 1;
    if (this.moments % LOOK === 0) this.look(isOn);
    this.tell(isOn);
  }

  private level(ear: Ear): number {
    ear.analyser.getFloatTimeDomainData(ear.samples);
    const level = levelOf(ear.samples);
    ear.levels = [...ear.levels.slice(1 - KEPT), level];
    return level;
  }

  private look(isOn: boolean): void {
    for (const [party, ear] of this.sites) {
      const delay = isOn && this.own ? echoDelay(this.own.levels, ear.levels) : null;
      if (delay === null) this.echoing.delete(party);
      else this.echoing.set(party, delay);
    }
    for (const [party, volume] of volumesOf(this.voices)) this.wishes.volume(party, this.echoing.has(party) ? volume * DAMPED : volume);
  }

  private tell(isOn: boolean): void {
    const [echo] = this.echoing;
    const now: SoundTrouble | null =
      this.own && isOn && isDead(this.voice) ? { what: "microphone-silent" }
      : !isOn && speaksWhileCut(this.voice) ? { what: "talking-cut" }
      : echo ? { what: "echo", party: echo[0], delay: echo[1] }
      : null;
    const key = now ? `${now.what} ${"party" in now ? now.party : ""}` : "";
    if (key === this.told) return;
    this.told = key;
    this.wishes.trouble(now);
  }
}

function rms(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}
