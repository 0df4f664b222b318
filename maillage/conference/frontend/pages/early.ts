/** The page before the time: try one's camera and microphone; the door opens by itself when it is time. */
import { SelfView } from "../selfview.ts";
import { mountSelfTest } from "../selftest.ts";
import { readBlock, say, type Texts } from "../texts.ts";
import { mountVoiceLine } from "../voice_line.ts";

const texts = readBlock<Texts>("texts");
const find = <Found extends HTMLElement = HTMLElement>(query: string): Found => document.querySelector<Found>(query)!;
const view = new SelfView([find("#self-door")], find("#level"), ({ trouble }) => {
  find("#trouble").hidden = trouble === null;
  find("#trouble-words").textContent = trouble ? say(texts, `trouble_${trouble.replaceAll("-", "_")}`) : "";
});

find("#try-devices").addEventListener("click", () => {
  find("#try-devices").hidden = true;
  find("#trial").hidden = false;
  find("#selftest").focus();
  void view.open();
});
mountSelfTest(find("#selftest"), texts, () => view.devices.audio);
mountVoiceLine(find("[data-voice-line]"), texts);

const LONGEST_TIMER = 2 ** 31 - 1;
const opensIn = Date.parse(find("#opens-at").dataset.opensAt ?? "") - Date.now();
if (opensIn > 0 && opensIn < LONGEST_TIMER) setTimeout(() => location.reload(), opensIn + 1000);
