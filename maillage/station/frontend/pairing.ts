/** A screen that is linked to no room: why, and the codes it shows until somebody types one. */
import { fill } from "./screen_state";
import type { Answer, Pairing } from "./server";

interface Shown {
  texts: Record<string, string>;
  say: (part: string, sentence: string) => void;
  /** Where the code is typed. */
  address: string;
  requestCode: () => Promise<Answer<Pairing>>;
  isWaiting: () => boolean;
}

/** Why the server refused a screen that knew a room, or that a kept `reason` already explains. */
export function whyUnlinked(code: string, texts: Record<string, string>, hadRoom: boolean, reason: string): string {
  const reasons: Record<string, string> = { "station-key-used-twice": texts["stolen"]!, "loan-over": texts["loan_over"]! };
  return reasons[code] ?? (hadRoom ? `${texts["not_linked"]} ${texts["replaced_hint"]}` : reason);
}

export async function showCodes(shown: Shown): Promise<void> {
  const answer = await shown.requestCode();
  shown.say("code", answer.kind === "given" ? answer.body.code : "· · ·");
  shown.say("pair-how", fill(shown.texts["pair_how"]!, { address: new URL(shown.address, location.href).href }));
  setTimeout(() => void (shown.isWaiting() && showCodes(shown)), answer.kind === "given" ? answer.body.seconds * 1000 : 10_000);
}
