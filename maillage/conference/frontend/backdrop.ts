/** The backdrop of a room, framed around its picture by those who look at it: nothing is cut out, nothing is sent with the call.
 *  A still image of this site, fetched once while the line is good; the first thing given up when it is not. */
import { write } from "./rows.ts";
import { say, type Texts } from "./texts.ts";

const KEPT = "maillage.backdrops";
const GOOD: readonly (string | undefined)[] = [undefined, "good", "alone", "server"];

interface BackdropWishes {
  stage: HTMLElement;
  /** Their addresses, by party. */
  addresses: Record<number, string>;
  /** Absent on a room's own screen: its bar keeps to what a room needs. */
  button: HTMLButtonElement | null;
  texts: Texts;
}

/** Keep every tile of `stage` framed as its room wants it, and bind the button that hides them all. */
export function mountBackdrops({ stage, addresses, button, texts }: BackdropWishes): void {
  const root = document.documentElement;
  const broken = new Set<string>();
  let off = localStorage.getItem(KEPT) === "off";

  const frame = (place: HTMLElement, address: string | undefined): boolean => {
    const image = place.querySelector<HTMLImageElement>("[data-backdrop-picture]");
    const shown = address !== undefined && !off && !broken.has(address) && GOOD.includes(root.dataset.line);
    place.toggleAttribute("data-backdrop", shown);
    if (!image) return false;
    image.hidden = !shown;
    if (shown && !image.src) {
      image.onerror = () => {
        broken.add(address);
        apply();
      };
      image.src = address;
    }
    return address !== undefined;
  };

  const apply = (): void => {
    const framed = [...stage.querySelectorAll<HTMLElement>(".tile")].map((tile) => frame(tile, addresses[Number(tile.dataset.party)]));
    if (!button) return;
    button.hidden = !framed.includes(true);
    write(button, say(texts, off ? "backdrops_show" : "backdrops_hide"));
  };

  button?.addEventListener("click", () => {
    off = !off;
    localStorage.setItem(KEPT, off ? "off" : "on");
    apply();
  });
  new MutationObserver(apply).observe(stage, { childList: true });
  new MutationObserver(apply).observe(root, { attributes: true, attributeFilter: ["data-line"] });
  apply();
}
