/** How large each picture is shown, whatever lays them out: the bridge sends no larger one. */
import type { Slot } from "./transport.ts";

const PICTURES: Record<string, Slot> = { tileCamera: "camera", tileScreen: "screen" };

/** Watch the pictures of the tiles under `stage`; tell each one's height in pixels of the screen. Returns what stops it. */
export function watchSizes(stage: HTMLElement, tell: (party: number, slot: Slot, height: number) => void): () => void {
  const sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      if (!(target instanceof HTMLElement)) continue;
      const party = Number(target.closest<HTMLElement>("[data-party]")?.dataset.party);
      const slot = Object.entries(PICTURES).find(([mark]) => mark in target.dataset)?.[1];
      if (party && slot) tell(party, slot, Math.round(contentRect.height * devicePixelRatio));
    }
  });
  const watch = (): void => {
    for (const picture of stage.querySelectorAll<HTMLElement>("[data-tile-camera], [data-tile-screen]")) sizes.observe(picture);
  };
  const tiles = new MutationObserver(watch);
  tiles.observe(stage, { childList: true, subtree: true });
  watch();
  return () => {
    tiles.disconnect();
    sizes.disconnect();
  };
}
