/** The page of a meeting, from its door to its end: binds what is seen to what happens. */
import { announcer } from "../announce.ts";
import { obey, tellAsked, WARNING, type Ask } from "../asked.ts";
import { mountBackdrops } from "../backdrop.ts";
import { mountBar } from "../bar.ts";
import { ConductPage } from "../conduct_page.ts";
import { canShareScreen, deviceHint } from "../devices.ts";
import { keepIdentity, readIdentity, roomConnection } from "../identity.ts";
import { Meeting } from "../meeting.ts";
import { others, type Change } from "../presence.ts";
import { tellRoom } from "../room_news.ts";
import { mountRoomScreen, returnLater } from "../room_screen.ts";
import { listenLater, tellLine, watchSound } from "../sound_note.ts";
import { SelfView } from "../selfview.ts";
import { mountSelfTest } from "../selftest.ts";
import { mountSettings } from "../settings.ts";
import { watchSizes } from "../sizes.ts";
import { Stage } from "../stage.ts";
import { AT_DOOR, next, sendsCamera, sendsScreen, sendsSound, type CallEvent, type CallState } from "../state.ts";
import { mountTable } from "../table.ts";
import { readBlock, say, type Texts } from "../texts.ts";
import { mountVoiceLine, type LineState } from "../voice_line.ts";
import { mountShortcuts } from "../shortcuts.ts";
import { mountSpeech } from "../speech.ts";
import { mountView } from "../view.ts";

interface CallConfig {
  token: string;
  socket: string;
  after: string;
  bridgeScript: string;
  documents: string;
  csrf: string;
  party: number;
  expected: { party: number; name: string }[];
  backdrops: Record<number, string>;
  roomScreen?: boolean;
}

const config = readBlock<CallConfig>("call-config");
const texts = readBlock<Texts>("texts");
const find = <Found extends HTMLElement = HTMLElement>(query: string): Found => document.querySelector<Found>(query)!;
const identity = readIdentity(config.token, sessionStorage, config.roomScreen ? roomConnection(localStorage) : "");
const announce = announcer(find("#announcements"));
const enter = find<HTMLButtonElement>("#enter");
let state: CallState = identity.wasIn ? next(AT_DOOR, { type: "entering" }) : AT_DOOR;
let screen: MediaStreamTrack | null = null;
let hushed = false;
const here = new Set<number>();
const names = new Map(config.expected.map((one) => [one.party, one.name]));

const stage = new Stage(find("#stage"), texts, () => (find("#wake").hidden = false));
const view = new SelfView([find("#self-door"), find("#self-meeting")], find("#level"), ({ audio, camera, trouble }) => {
  sound.listenTo(audio);
  dispatch({ type: "devices", microphone: audio !== null, camera: camera !== null });
  find("#trouble").hidden = trouble === null;
  find("#trouble-words").textContent = trouble ? say(texts, `trouble_${trouble.replaceAll("-", "_")}`) : "";
  if (trouble) meeting.failed(trouble);
});
const nameOf = (party: number): string => config.expected.find((one) => one.party === party)?.name ?? "";
const sound = watchSound({ isOn: () => state.phase !== "in" || sendsSound(state), stage, texts, nameOf, failed: (...failure) => meeting.failed(...failure) });
const meeting = new Meeting({
  url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${config.socket}`,
  party: config.party, identity, device: deviceHint(navigator.userAgent), bridgeScript: config.bridgeScript,
  sends: () => ({ microphone: sendsSound(state), camera: sendsCamera(state), screen: sendsScreen(state), sound_only: state.soundOnly }),
  events: {
    phase: (phase) => dispatch(phase === "in" ? { type: "entered" } : { type: "phase", phase }),
    room: showRoom,
    track: (party, slot, track) => {
      stage.play(party, slot, track);
      if (slot === "audio") listenLater([sound, viewChoice], party, track, here);
    },
    partyLine: (party, line) => stage.line(party, line),
    line: (word) => {
      find("#line").textContent = say(texts, `line_${word}`);
      tellLine(word);
    },
    refused: (sentence, advice) => {
      find("#refused-sentence").textContent = sentence;
      find("#refused-advice").textContent = advice;
      dispatch({ type: "phase", phase: "refused" });
    },
    signalling: (now) => dispatch({ type: "signalling", state: now }),
    asked: obeyDesk,
    table: (news) => table.hear(news),
    told: (message) => conduct.hear(message),
    waiting: (mayOpen) => conduct.waiting(mayOpen),
  },
});

const table = mountTable({
  texts, language: document.documentElement.lang, announce, party: config.party, address: config.documents, csrf: config.csrf,
  nameOf: (party) => names.get(party) ?? "",
  say: (message) => meeting.say(message),
  screen: (track) => {
    screen = track;
    dispatch({ type: "screen", on: track !== null });
  },
});
const conduct = new ConductPage({
  texts, language: document.documentElement.lang, announce, party: config.party, expected: config.expected,
  say: (message) => meeting.say(message),
  allowed: (allowed) => dispatch({ type: "floor", allowed }),
  silenced: (parties) => stage.silence(parties),
  introduced: (party, text) => stage.introduce(party, text),
});
const viewChoice = mountView(find<HTMLButtonElement>("#view"), find("#stage"), texts);
mountBackdrops({ stage: find("#stage"), addresses: config.backdrops, button: document.querySelector("#backdrops"), texts });
mountShortcuts(document.body, find<HTMLInputElement>("#shortcuts"));
const wordBar = mountBar(find("#bar"), texts, (what) => {
  if (what === "hand") conduct.hand();
  else if (what === "sites" || what === "chat") conduct.toggle(`panel-${what}`);
  else if (what === "microphone" && state.heldBack) conduct.note(say(texts, "held_back"));
  else if (what === "microphone" || what === "camera" || what === "soundOnly") dispatch({ type: "toggle", what });
  else if (what === "screen") state.screen ? table.sharing.stop() : table.sharing.open();
  else if (what === "leave") void leave();
  else if (what === "end") find<HTMLDialogElement>("#end").showModal();
  else if (what === "help") help();
  else openSettings();
});
const openSettings = mountSettings(find<HTMLDialogElement>("#settings"), {
  devices: (choice) => void view.open(choice),
  speaker: (id) => {
    for (const sound of document.querySelectorAll<HTMLAudioElement>("audio")) if ("setSinkId" in sound) void sound.setSinkId(id);
  },
  renamed: (name, headCount) => meeting.say({ type: "rename", name, head_count: headCount }),
});

/** Every change goes through here: the next state, what is sent, what is shown. */
function dispatch(event: CallEvent): void {
  const before = state;
  state = next(state, event);
  if (state === before) return;
  send();
  if (before.phase !== state.phase) phaseChanged();
  const keys = ["microphone", "camera", "screen", "soundOnly", "hasMicrophone", "hasCamera", "heldBack"] as const;
  if (keys.some((key) => before[key] !== state[key])) meeting.stateChanged();
  render();
}

function send(): void {
  const { audio, camera } = view.devices;
  if (audio) audio.enabled = sendsSound(state);
  meeting.send("audio", audio);
  meeting.send("camera", sendsCamera(state) ? camera : null);
  meeting.send("screen", sendsScreen(state) ? screen : null);
}

function phaseChanged(): void {
  const isIn = state.phase === "in";
  keepIdentity(config.token, sessionStorage, identity, isIn || state.phase === "entering");
  if (isIn) {
    announce(say(texts, "you_are_in"));
    find("#meeting-title").focus();
  }
  if (state.phase === "waiting") find("#waiting-title").focus();
  if (state.phase === "over" || state.phase === "left") location.assign(config.after);
  if (state.phase === "refused" && config.roomScreen) returnLater(config.after);
  if (state.phase === "moved") {
    view.release();
    find("#resume-here").focus();
  }
}

function render(): void {
  document.documentElement.dataset.phase = state.phase;
  for (const section of document.querySelectorAll<HTMLElement>("[data-shown-in]")) section.hidden = !section.dataset.shownIn!.split(" ").includes(state.phase);
  enter.setAttribute("aria-busy", String(state.phase === "entering"));
  find("#self-meeting").hidden = !state.selfShown || !sendsCamera(state);
  find("#self-off").hidden = state.hasCamera;
  find("#muted-note").hidden = sendsSound(state);
  find<HTMLInputElement>("#self-shown").checked = state.selfShown;
  find("#reconnecting").hidden = state.signalling === "up" || state.phase !== "in";
  wordBar(state);
}

function showRoom(change: Change): void {
  const { room } = change;
  const present = others(room, config.party);
  here.clear();
  for (const one of present) here.add(one.party);
  sound.keep(here);
  for (const one of room.present) names.set(one.party, one.name);
  stage.show(state.phase === "in" || state.phase === "entering" ? present : []);
  conduct.room(room.present);
  viewChoice.keep(here);
  tellRoom({ change, present, here, party: config.party, expected: config.expected, texts, announce });
  find("#stage").hidden = present.length === 0;
}

async function leave(): Promise<void> {
  keepIdentity(config.token, sessionStorage, identity, false);
  await meeting.leave();
  dispatch({ type: "phase", phase: "left" });
}

function obeyDesk(what: Ask, text: string): void {
  const change = obey(state, what);
  if (change) dispatch(change);
  else if (what === "leave") setTimeout(() => void leave(), WARNING);
  else if (what !== "notice" && what !== "unanswered") return;
  const sentence = say(texts, `asked_${what.replaceAll("-", "_")}`, { sentence: text });
  announce(sentence);
  tellAsked(find("#asked"), sentence);
}

/** A room's screen rings at once: its people pressed « Aide », and there is nothing else to press. */
function help(): void {
  meeting.say({ type: "help" });
  find<HTMLDialogElement>("#help").showModal();
  if (config.roomScreen) voice.ring();
}

/** The others do not hear what is said to the concierge; their microphone comes back as it was. */
function hush(line: LineState): void {
  const talks = line === "ringing" || line === "talking";
  if (talks === hushed || (talks && !sendsSound(state))) return;
  hushed = talks;
  if (state.microphone === talks) dispatch({ type: "toggle", what: "microphone" });
}

enter.addEventListener("click", () => {
  dispatch({ type: "entering" });
  meeting.enter();
});
find("#continue-here").addEventListener("click", () => meeting.enter(true));
find("#stay-there").addEventListener("click", () => dispatch({ type: "phase", phase: "moved" }));
find("#resume-here").addEventListener("click", () => {
  dispatch({ type: "phase", phase: "entering" });
  void view.open();
  meeting.resumeHere();
});
find("#end-confirmed").addEventListener("click", () => meeting.say({ type: "end" }));
find("#self-shown").addEventListener("change", () => dispatch({ type: "toggle", what: "selfShown" }));
for (const button of ["#help-door", "#help-waiting"]) find(button).addEventListener("click", help);
find("#wake").addEventListener("click", () => {
  find("#wake").hidden = true;
  stage.wake();
});
for (const close of document.querySelectorAll<HTMLElement>("[data-close]")) close.addEventListener("click", () => close.closest("dialog")?.close());
if (!canShareScreen()) for (const button of document.querySelectorAll<HTMLElement>("[data-share]")) button.hidden = true;
watchSizes(find("#stage"), (party, slot, height) => meeting.shown(party, slot, height));
mountSpeech(() => (state.phase === "in" ? view.devices.audio : null), (seconds) => meeting.say({ type: "spoke", seconds }));
mountSelfTest(find("#selftest"), texts, () => view.devices.audio);
const voice = mountVoiceLine(find("[data-voice-line]"), texts, hush);
render();
meeting.start();
const devices = view.open();
if (config.roomScreen) void mountRoomScreen({ devices, isAtDoor: () => state.phase === "door", enter: () => enter.click(), volume: find<HTMLInputElement>("#volume"), setVolume: (volume) => stage.setVolume(volume) });
