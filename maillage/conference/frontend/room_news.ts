/** Who came, who left, who is still awaited: said aloud and written. */
import type { Change } from "./presence.ts";
import type { Present } from "./protocol.ts";
import { listWords, partyWords, say, type Texts } from "./texts.ts";

interface RoomNews {
  change: Change;
  /** The others that are in. */
  present: readonly Present[];
  here: ReadonlySet<number>;
  party: number;
  expected: readonly { party: number; name: string }[];
  texts: Texts;
  announce: (sentence: string) => void;
}

export function tellRoom({ change, present, here, party, expected, texts, announce }: RoomNews): void {
  const language = document.documentElement.lang;
  const find = (query: string): HTMLElement => document.querySelector<HTMLElement>(query)!;
  for (const one of change.arrived) if (one.party !== party) announce(say(texts, "arrived", { name: partyWords(texts, one) }));
  for (const one of change.left) if (one.party !== party) announce(say(texts, "left", { name: partyWords(texts, one) }));
  const me = change.room.present.find((one) => one.party === party);
  if (me) find("#my-name").textContent = partyWords(texts, me);
  const absent = expected.filter((one) => one.party !== party && !here.has(one.party)).map((one) => one.name);
  const names = present.map((one) => one.name);
  find("#waiting").hidden = absent.length === 0;
  find("#waiting-words").textContent = absent.length > 0 ? say(texts, absent.length > 1 ? "waiting_many" : "waiting", { name: listWords(absent, language) }) : "";
  find("#already-in").textContent = names.length > 0 ? say(texts, names.length > 1 ? "already_in_many" : "already_in", { name: listWords(names, language) }) : say(texts, "nobody_yet");
}
