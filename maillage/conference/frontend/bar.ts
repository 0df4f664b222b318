/** The buttons that never hide, and what their words say now. */
import type { CallState } from "./state.ts";
import { say, type Texts } from "./texts.ts";

export type Act = "hand" | "sites" | "chat" | "microphone" | "camera" | "screen" | "soundOnly" | "help" | "settings" | "leave" | "end";

/** Return the text key of each button whose words follow the state. */
export function barWords(state: CallState): Record<"microphone" | "camera" | "screen" | "soundOnly", string> {
  return {
    microphone: !state.hasMicrophone ? "microphone_none" : state.heldBack ? "microphone_held" : state.microphone ? "mute" : "unmute",
    camera: !state.hasCamera ? "camera_none" : state.camera ? "camera_off" : "camera_on",
    screen: state.screen ? "screen_off" : "screen_on",
    soundOnly: state.soundOnly ? "sound_only_off" : "sound_only_on",
  };
}

/** Bind the buttons [data-act] of `bar`; return what words them. */
export function mountBar(bar: HTMLElement, texts: Texts, act: (what: Act) => void): (state: CallState) => void {
  bar.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-act]") : null;
    if (button) act(button.dataset.act as Act);
  });
  return (state) => {
    for (const [what, key] of Object.entries(barWords(state))) {
      for (const button of bar.querySelectorAll<HTMLElement>(`[data-act="${what}"]`)) {
        button.querySelector("[data-words]")!.textContent = say(texts, key);
        button.dataset.state = key;
      }
    }
  };
}
