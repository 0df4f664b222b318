/** The camera and the microphone, as far as there are any and the person allows them. Never an obstacle to entering. */
import type { FailureCode } from "./protocol.ts";

export interface Devices {
  audio: MediaStreamTrack | null;
  camera: MediaStreamTrack | null;
  trouble: FailureCode | null;
}

export interface Choice {
  microphone?: string;
  camera?: string;
}

const named = (id: string | undefined): MediaTrackConstraints => (id ? { deviceId: { exact: id } } : {});
const audioWish = (choice: Choice): MediaTrackConstraints => ({ ...named(choice.microphone), echoCancellation: true, noiseSuppression: true, autoGainControl: true });
const cameraWish = (choice: Choice): MediaTrackConstraints => ({ ...named(choice.camera), width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } });

async function ask(wish: MediaStreamConstraints): Promise<MediaStream | string> {
  try {
    return await navigator.mediaDevices.getUserMedia(wish);
  } catch (refused) {
    return refused instanceof Error ? refused.name : "Error";
  }
}

/** Open both, or the one that there is. */
export async function openDevices(choice: Choice = {}): Promise<Devices> {
  if (!navigator.mediaDevices?.getUserMedia) return { audio: null, camera: null, trouble: "too-old" };
  const both = await ask({ audio: audioWish(choice), video: cameraWish(choice) });
  if (typeof both !== "string") return { audio: both.getAudioTracks()[0] ?? null, camera: both.getVideoTracks()[0] ?? null, trouble: null };
  const sound = await ask({ audio: audioWish(choice) });
  const picture = await ask({ video: cameraWish(choice) });
  const audio = typeof sound === "string" ? null : (sound.getAudioTracks()[0] ?? null);
  const camera = typeof picture === "string" ? null : (picture.getVideoTracks()[0] ?? null);
  const refused = !audio && !camera && both === "NotAllowedError";
  return { audio, camera, trouble: refused ? "devices-refused" : !audio ? "no-microphone" : !camera ? "no-camera" : null };
}

/** Return the devices of one kind; their names are known once the person has allowed one. */
export async function listDevices(kind: MediaDeviceKind): Promise<MediaDeviceInfo[]> {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return all.filter((device) => device.kind === kind && device.deviceId !== "");
}

/** What is on a shown screen: « detail » keeps letters sharp, movement may wait; « motion » is the reverse, for a video. */
export type ScreenKind = "detail" | "motion";
const SCREEN_RATES: Record<ScreenKind, number> = { detail: 8, motion: 30 };

/** Ask for a screen or a window; null if the person thinks better of it. */
export async function openScreen(kind: ScreenKind = "detail"): Promise<MediaStreamTrack | null> {
  try {
    const shown = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: SCREEN_RATES[kind] } }, audio: false });
    const track = shown.getVideoTracks()[0] ?? null;
    if (track) suitScreen(track, kind);
    return track;
  } catch {
    return null;
  }
}

/** Say what is on a screen that is shown already. A browser that cannot change its rate keeps it. */
export function suitScreen(track: MediaStreamTrack, kind: ScreenKind): void {
  track.contentHint = kind;
  track.applyConstraints({ frameRate: { max: SCREEN_RATES[kind] } }).catch(() => undefined);
}

export const canShareScreen = (): boolean => typeof navigator.mediaDevices?.getDisplayMedia === "function";

/** Return how the browser names itself, shortened: « Firefox 131, Linux ». */
export function deviceHint(agent: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Version)\/(\d+)/.exec(agent);
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux)/.exec(agent)?.[1] ?? "";
  const name = browser?.[1] === "Version" ? "Safari" : browser?.[1] === "Edg" ? "Edge" : (browser?.[1] ?? "");
  return [browser ? `${name} ${browser[2]}` : "", system].filter(Boolean).join(", ").slice(0, 60);
}
