/** The room tests itself: camera, microphone and loudspeaker by a known sound, line up and down, clock, screen. */

import { lineSpeed } from "../../conference/frontend/line_test.ts";
import { findNotes, loudness, testSound } from "./acoustics";

export interface Measures {
  has_camera: boolean;
  has_microphone: boolean;
  image_luma: number | null;
  sound_dbfs: number | null;
  noise_dbfs: number | null;
  delay_ms: number | null;
  echo_left_db: number | null;
  down_kbps: number | null;
  up_kbps: number | null;
  clock_ahead_s: number | null;
  screen_width: number;
  screen_height: number;
}

export interface Addresses {
  recorder: string;
  line: string;
  csrf: string;
}

const NOISE_SECONDS = 0.6;
const LISTEN_SECONDS = 2.4;

/** Measure everything; what cannot be measured is null or false, never an exception. About eight seconds. */
export async function measureRoom(addresses: Addresses, clockAheadS: number | null): Promise<Measures> {
  const camera = await cameraLuma();
  const plain = await hearOneself(addresses.recorder, false);
  const cleaned = plain.sound === null ? null : await hearOneself(addresses.recorder, true);
  const line = await lineSpeed(addresses.line, addresses.csrf);
  return {
    has_camera: camera !== null,
    has_microphone: plain.microphone,
    image_luma: camera,
    sound_dbfs: plain.sound,
    noise_dbfs: plain.noise,
    delay_ms: plain.delay,
    echo_left_db: cleaned?.sound != null && plain.sound !== null ? cleaned.sound - plain.sound : null,
    down_kbps: line?.down ?? null,
    up_kbps: line?.up ?? null,
    clock_ahead_s: clockAheadS,
    screen_width: Math.round(screen.width * devicePixelRatio),
    screen_height: Math.round(screen.height * devicePixelRatio),
  };
}

interface Hearing {
  microphone: boolean;
  sound: number | null;
  noise: number | null;
  delay: number | null;
}

const DEAF: Hearing = { microphone: false, sound: null, noise: null, delay: null };

/** Play the test sound and listen, with or without the browser's echo canceller. */
async function hearOneself(recorder: string, echoCancellation: boolean): Promise<Hearing> {
  let stream: MediaStream;
  try {
    const audio = { echoCancellation, noiseSuppression: false, autoGainControl: false };
    stream = await navigator.mediaDevices.getUserMedia({ audio });
  } catch {
    return DEAF;
  }
  const context = new AudioContext();
  try {
    await context.audioWorklet.addModule(recorder);
    const listener = new AudioWorkletNode(context, "recorder");
    context.createMediaStreamSource(stream).connect(listener);
    const quiet = await record(listener, context, NOISE_SECONDS);
    const noise = loudness(quiet);
    play(context);
    const heard = findNotes(await record(listener, context, LISTEN_SECONDS), context.sampleRate, noise);
    return { microphone: true, sound: heard.soundDbfs, noise, delay: heard.delayMs };
  } catch {
    return { ...DEAF, microphone: true };
  } finally {
    stream.getTracks().forEach((track) => track.stop());
    await context.close();
  }
}

function play(context: AudioContext): void {
  const sound = testSound(context.sampleRate);
  const buffer = context.createBuffer(1, sound.length, context.sampleRate);
  buffer.getChannelData(0).set(sound);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
}

/** Gather `seconds` of samples; less if the microphone gives none for twice that time. */
function record(listener: AudioWorkletNode, context: AudioContext, seconds: number): Promise<Float32Array> {
  const wanted = Math.round(context.sampleRate * seconds);
  const samples = new Float32Array(wanted);
  let filled = 0;
  return new Promise((done) => {
    const finish = () => {
      listener.port.onmessage = null;
      clearTimeout(limit);
      done(samples.subarray(0, filled));
    };
    const limit = setTimeout(finish, seconds * 2000);
    listener.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
      samples.set(data.subarray(0, wanted - filled), filled);
      filled = Math.min(wanted, filled + data.length);
      if (filled === wanted) finish();
    };
  });
}

/** Mean brightness of the image, 0 to 1; null without a camera. */
async function cameraLuma(): Promise<number | null> {
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 180 } });
  } catch {
    return null;
  }
  try {
    const video = Object.assign(document.createElement("video"), { srcObject: stream, muted: true, playsInline: true });
    await video.play();
    await new Promise((ready) => setTimeout(ready, 500));
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 36 });
    const brush = canvas.getContext("2d", { willReadFrequently: true });
    brush?.drawImage(video, 0, 0, 64, 36);
    const pixels = brush?.getImageData(0, 0, 64, 36).data ?? new Uint8ClampedArray();
    let sum = 0;
    for (let at = 0; at < pixels.length; at += 4) sum += 0.2126 * pixels[at]! + 0.7152 * pixels[at + 1]! + 0.0722 * pixels[at + 2]!;
    return pixels.length ? sum / (pixels.length / 4) / 255 : 0;
  } finally {
    stream.getTracks().forEach((track) => track.stop());
  }
}

/** Kilobits per second each way, over half a megabyte; null when the line is down. */
