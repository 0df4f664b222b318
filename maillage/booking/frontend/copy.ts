/**
 * Buttons that copy an address, shown only when the browser can.
 *
 *   <button type="button" data-copy="https://…" hidden><svg/><span>Copier le lien</span></button>
 */
const SAID_MS = 4000;

/** Bind the copying buttons of `root`; returns what unbinds them. `copied` is what the button then says. */
export function mountCopyButtons(root: ParentNode, copied: string, clipboard: Clipboard | undefined = navigator.clipboard): () => void {
  const stop = new AbortController();
  if (!clipboard) return () => stop.abort();
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const words = button.querySelector("span") ?? button;
    const before = words.textContent ?? "";
    words.setAttribute("aria-live", "polite");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await clipboard.writeText(button.dataset["copy"] ?? "");
      words.textContent = copied;
      window.setTimeout(() => (words.textContent = before), SAID_MS);
    }, { signal: stop.signal });
  }
  return () => stop.abort();
}

/** Show the buttons that print the page, and bind them. */
export function mountPrintButtons(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
