/** What our own microphone tells: someone speaks while it is cut, or nothing has come from it for long. Pure. */
export interface OwnVoice {
  /** Loud moments among the last ones, while the sound is cut. */
  loudCut: number;
  /** Moments of complete silence in a row, while the sound is on. */
  mute: number;
}

export const QUIET: OwnVoice = { loudCut: 0, mute: 0 };
/** Level of ordinary speech on the scale of `levelOf`. */
const SPEECH = 0.35;
/** A microphone that works always hears something of its room: nothing at all is a cable or a switch. */
const NOTHING = 0.005;
/** Moments of 100 ms: most of a second of speech, half a minute of nothing. */
const [SPEAKING, DEAD] = [8, 300];

export function after(voice: OwnVoice, level: number, isOn: boolean): OwnVoice {
  if (!isOn) return { loudCut: level >= SPEECH ? Math.min(SPEAKING * 2, voice.loudCut + 1) : Math.max(0, voice.loudCut - 0.25), mute: 0 };
  return { loudCut: 0, mute: level <= NOTHING ? voice.mute + 1 : 0 };
}

export const speaksWhileCut = (voice: OwnVoice): boolean => voice.loudCut >= SPEAKING;
export const isDead = (voice: OwnVoice): boolean => voice.mute >= DEAD;
