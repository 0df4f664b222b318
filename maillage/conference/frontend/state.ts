/** What the person sees and has chosen. Pure: one event, one next state. */
export type Phase = "door" | "entering" | "waiting" | "in" | "elsewhere" | "moved" | "over" | "left" | "refused";

export interface CallState {
  phase: Phase;
  /** What the person wants, whatever the devices allow. */
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  soundOnly: boolean;
  selfShown: boolean;
  hasMicrophone: boolean;
  hasCamera: boolean;
  signalling: "up" | "down";
  /** The floor is another's: this side's microphone stays shut. */
  heldBack: boolean;
}

export type CallEvent =
  | { type: "entering" }
  | { type: "entered" }
  | { type: "phase"; phase: Phase }
  | { type: "devices"; microphone: boolean; camera: boolean }
  | { type: "toggle"; what: "microphone" | "camera" | "soundOnly" | "selfShown" }
  | { type: "screen"; on: boolean }
  | { type: "signalling"; state: "up" | "down" }
  | { type: "floor"; allowed: boolean };

export const AT_DOOR: CallState = {
  phase: "door", microphone: true, camera: true, screen: false, soundOnly: false, selfShown: false, hasMicrophone: false, hasCamera: false, signalling: "down",
  heldBack: false,
};

const AWAY: readonly Phase[] = ["over", "left", "moved", "refused"];

export function next(state: CallState, event: CallEvent): CallState {
  switch (event.type) {
    case "entering":
      return state.phase === "in" ? state : { ...state, phase: "entering" };
    case "entered":
      return AWAY.includes(state.phase) ? state : { ...state, phase: "in" };
    case "phase":
      return { ...state, phase: event.phase, screen: AWAY.includes(event.phase) ? false : state.screen };
    case "devices":
      return { ...state, hasMicrophone: event.microphone, hasCamera: event.camera };
    case "toggle":
      if (event.what === "microphone" && state.heldBack) return state;
      return { ...state, [event.what]: !state[event.what] };
    case "screen":
      return { ...state, screen: event.on };
    case "signalling":
      return { ...state, signalling: event.state };
    case "floor": // giving the floor back opens nothing: only the people there do
      if (event.allowed !== state.heldBack) return state;
      return { ...state, heldBack: !event.allowed, microphone: event.allowed && state.microphone };
  }
}

/** What leaves this page. */
export const sendsSound = (state: CallState): boolean => state.microphone && state.hasMicrophone;
export const sendsCamera = (state: CallState): boolean => state.camera && state.hasCamera && !state.soundOnly;
export const sendsScreen = (state: CallState): boolean => state.screen && !state.soundOnly;
