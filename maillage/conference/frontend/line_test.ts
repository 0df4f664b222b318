/** « Essayer ma ligne »: what a meeting will be able to carry here, said before it begins. */

export interface LineSpeed {
  /** Kilobits a second. */
  down: number;
  up: number;
}

export interface LineVerdict {
  /** The key of a text. */
  word: "images" | "image" | "slides" | "sound" | "phone";
  /** Other places that can be seen at once. */
  sites: number;
}

/** Kilobits a second of one place: its image of 360 lines with its sound; what is shown, kept sharp; a sound alone. */
const [IMAGE, SLIDES, SOUND] = [450, 200, 60];
/** Share of a line that a meeting may count on: the rest is others' and the weather's. */
const SURE = 0.8;
export const MOST_SITES = 4;

/** Return what a line of this speed carries. One's own image needs the way up, each other place's the way down. */
export function verdictOf({ down, up }: LineSpeed): LineVerdict {
  const [inwards, outwards] = [down * SURE, up * SURE];
  const sites = outwards < IMAGE ? 0 : Math.min(MOST_SITES, Math.floor(inwards / IMAGE));
  if (sites >= 1) return { word: sites > 1 ? "images" : "image", sites };
  if (inwards >= SLIDES + SOUND && outwards >= SOUND) return { word: "slides", sites: 0 };
  return { word: inwards >= SOUND && outwards >= SOUND ? "sound" : "phone", sites: 0 };
}

/** Fetch some random bytes from `address` and send them back; null if it does not answer. */
export async function lineSpeed(address: string, csrf: string): Promise<LineSpeed | null> {
  try {
    const asked = performance.now();
    const body = await (await answered(fetch(address, { cache: "no-store" }))).arrayBuffer();
    const received = performance.now();
    await answered(fetch(address, { method: "POST", body, headers: { "X-CSRFToken": csrf } }));
    const kilobits = (body.byteLength * 8) / 1000;
    return { down: kilobits / ((received - asked) / 1000), up: kilobits / ((performance.now() - received) / 1000) };
  } catch {
    return null;
  }
}

async function answered(asking: Promise<Response>): Promise<Response> {
  const response = await asking;
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return response;
}
