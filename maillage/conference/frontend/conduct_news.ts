/** What changed between two accounts of the conduct, for this side to be told in a sentence. Pure. */
import { leads, type Conduct } from "./conduct.ts";

export interface News {
  /** The key of its sentence; `party` is whom it is about. */
  key: "your_turn" | "turn_of" | "turn_over" | "mode_free" | "mode_strict" | "mode_round" | "you_lead" | "leads" | "hand_of" | "knocks" | "item";
  party: number | null;
  /** It calls for an act of this side: two soft notes go with it. */
  rings: boolean;
}

/** Return the news for `me`; `before` is null on entering, where only what calls for an act is said. */
export function newsBetween(before: Conduct | null, after: Conduct, me: number): News[] {
  const news: News[] = [];
  const add = (key: News["key"], party: number | null, rings = false): number => news.push({ key, party, rings });
  const [was, is] = [before?.floor ?? null, after.floor];
  for (const knock of after.knocks) if (!before?.knocks.some((known) => known.party === knock.party)) add("knocks", knock.party, true);
  if (!is || !was) return news;
  if (was.mode !== is.mode) add(`mode_${is.mode}`, null);
  if (was.chair !== is.chair) add(is.chair === me ? "you_lead" : "leads", is.chair);
  if (was.holder !== is.holder) {
    if (is.holder === me) add("your_turn", me, true);
    else add(is.holder === null ? "turn_over" : "turn_of", is.holder);
  }
  if (leads(is, me)) for (const hand of is.queue) if (hand.site !== me && !was.queue.some((known) => known.site === hand.site)) add("hand_of", hand.site);
  if (after.agenda && after.agenda.current !== null && after.agenda.current !== before?.agenda?.current) add("item", null);
  return news;
}
