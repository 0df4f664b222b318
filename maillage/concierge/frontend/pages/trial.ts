/** « Essayer chez soi »: three gestures and an echo, a tick for each. What they are worth is told to the desk, not to the person. */
import { deviceHint } from "../../../conference/frontend/devices.ts";
import { playTone, record } from "../../../conference/frontend/selftest.ts";
import { SelfView } from "../../../conference/frontend/selfview.ts";
import { readBlock, say, type Texts } from "../../../conference/frontend/texts.ts";
import { mountVoiceLine } from "../../../conference/frontend/voice_line.ts";
import { type Echo, openEcho } from "../echo";

interface Result {
  tune_heard: boolean | null;
  voice_level: number | null;
  voice_heard: boolean | null;
  echo_heard: boolean | null;
  path_found: boolean | null;
  path: string;
  rtt_ms: number | null;
}

const RECORD_MS = 3000;
const texts = readBlock<Texts>("texts");
/** `line`: where somebody without a link borrows the relay for one echo; empty where there is none to borrow. */
const config = readBlock<{ token: string; iceServers: RTCIceServer[]; line: string }>("trial-config");
const csrf = (JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}") as Record<string, string>)["X-CSRFToken"] ?? "";
const find = <Found extends HTMLElement = HTMLElement>(query: string, place: ParentNode = document): Found => place.querySelector<Found>(query)!;
const gesture = (name: string): HTMLElement => find(`[data-gesture="${name}"]`);
const tell = (name: string, key: string): void => void (find("[data-says]", gesture(name)).textContent = say(texts, key, { seconds: RECORD_MS / 1000 }));
const result: Result = { tune_heard: null, voice_level: null, voice_heard: null, echo_heard: null, path_found: null, path: "", rtt_ms: null };
let kept: string | null = null;
let echo: Echo | null = null;
/** Settled once the camera and the microphone have answered: who presses sooner waits for them. */
let opened: Promise<unknown> = Promise.resolve();

const view = new SelfView([find("#self-door")], find("#level"), ({ camera, trouble }) => {
  find("#self-off").hidden = camera !== null;
  find("#trouble").hidden = trouble === null;
  find("#trouble-words").textContent = trouble ? say(texts, `trouble_${trouble.replaceAll("-", "_")}`) : "";
});

/** Ask « do you hear it? », keep the answer, tick the gesture. */
function askHeard(name: string, keep: (heard: boolean) => void): void {
  const place = gesture(name);
  for (const [mark, heard] of [["yes", true], ["no", false]] as const) {
    const button = find<HTMLButtonElement>(`[data-${mark}]`, place);
    button.hidden = false;
    button.onclick = () => {
      keep(heard);
      done(name, heard);
      tell(name, heard ? "trial_good" : `trial_${name}_help`);
    };
  }
}

function done(name: string, well: boolean): void {
  gesture(name).dataset["done"] = well ? "yes" : "no";
  void send();
}

async function send(): Promise<void> {
  const body = { token: config.token, has_microphone: view.devices.audio !== null, has_camera: view.devices.camera !== null, device: deviceHint(navigator.userAgent), ...result };
  const all = [result.tune_heard, result.voice_level, result.voice_heard];
  if (all.some((made) => made === null)) return;
  const answer = await fetch("/essai/resultat", { method: "POST", body: JSON.stringify(body), headers: { "X-CSRFToken": csrf, Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const { well, known } = (await answer.json()) as { well: boolean; known: boolean };
  const verdict = find("#verdict");
  verdict.hidden = false;
  verdict.textContent = say(texts, well ? "trial_well" : known ? "trial_looked_at" : "trial_call");
}

async function speak(): Promise<void> {
  await opened;
  const track = view.devices.audio;
  if (!track) return tell("voice", "no_microphone");
  tell("voice", "recording");
  const [heard, level] = await Promise.all([record(track, RECORD_MS), peak(track, RECORD_MS)]);
  if (kept) URL.revokeObjectURL(kept);
  kept = URL.createObjectURL(heard);
  result.voice_level = level;
  find<HTMLButtonElement>("[data-replay]").disabled = false;
  const well = level >= 0.02;
  tell("voice", well ? "trial_good" : "trial_voice_help");
  done("voice", well);
}

/** The loudest sample of `track` over some time, 0 to 1. */
async function peak(track: MediaStreamTrack, milliseconds: number): Promise<number> {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let loudest = 0;
  for (let spent = 0; spent < milliseconds; spent += 40) {
    await new Promise((next) => setTimeout(next, 40));
    analyser.getFloatTimeDomainData(samples);
    for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
  }
  await context.close();
  return Math.min(1, loudest);
}

/** The servers to speak through; null when the relay is not lent again so soon, and the echo stays in the page. */
async function borrowed(): Promise<RTCIceServer[] | null> {
  if (!config.line) return config.iceServers;
  const answer = await fetch(config.line, { method: "POST", headers: { "X-CSRFToken": csrf, Accept: "application/json" } }).catch(() => null);
  return answer?.ok ? ((await answer.json()) as { iceServers: RTCIceServer[] }).iceServers : null;
}

async function speakToEcho(): Promise<void> {
  tell("echo", "trial_echo_opening");
  await opened;
  const track = view.devices.audio;
  if (!track) return tell("echo", "no_microphone");
  echo?.close();
  const servers = await borrowed();
  echo = await openEcho(track, servers ?? config.iceServers);
  Object.assign(result, { path_found: echo.voice !== null, path: echo.path, rtt_ms: echo.rttMs });
  const reached = echo.voice !== null;
  if (!reached) echo = await openEcho(track, []); // within the page: the microphone is proven, the line is not
  if (!echo.voice) {
    tell("echo", "trial_echo_help");
    return done("echo", false);
  }
  find<HTMLAudioElement>("[data-back]").srcObject = echo.voice;
  gesture("echo").dataset["path"] = echo.path;
  const proven = reached && echo.path === "relay";
  tell("echo", proven ? "trial_echo_speak" : !reached ? "trial_echo_cut" : servers ? "trial_echo_here" : "trial_echo_later");
  if (!reached) return done("echo", false);
  askHeard("echo", (heard) => (result.echo_heard = heard));
}

find("#begin").addEventListener("click", () => {
  find("#begin").hidden = true;
  find("#trial").hidden = false;
  find("#trial").focus();
  opened = view.open();
});
find("[data-play]").addEventListener("click", () => {
  void playTone();
  tell("tune", "trial_tune_question");
  askHeard("tune", (heard) => (result.tune_heard = heard));
});
find("[data-record]").addEventListener("click", () => void speak());
find("[data-replay]").addEventListener("click", () => {
  if (!kept) return;
  void new Audio(kept).play();
  tell("back", "trial_back_question");
  askHeard("back", (heard) => (result.voice_heard = heard));
});
find("[data-echo]").addEventListener("click", () => void speakToEcho());
const line = document.querySelector<HTMLElement>("[data-voice-line]");
if (line) mountVoiceLine(line, texts);
