/** One key for each button that bears one: shown on it, off in fields and dialogs, and switched off in the settings. */
const KEPT = "maillage.shortcuts";

/** Tell whether a key pressed on `target` is for the page, not for what is written or chosen there. */
export function isForThePage(event: { ctrlKey: boolean; altKey: boolean; metaKey: boolean; defaultPrevented: boolean }, target: Pick<Element, "closest"> | null): boolean {
  return !event.ctrlKey && !event.altKey && !event.metaKey && !event.defaultPrevented && !target?.closest("input, textarea, select, dialog, [contenteditable]");
}

/** Press the button whose [data-key] is typed. `choice` switches all of it. */
export function mountShortcuts(root: HTMLElement, choice: HTMLInputElement | null): void {
  const apply = (): void => {
    const on = localStorage.getItem(KEPT) !== "off";
    if (choice) choice.checked = on;
    document.documentElement.toggleAttribute("data-shortcuts", on);
    for (const button of root.querySelectorAll<HTMLElement>("[data-key]")) {
      if (on) button.setAttribute("aria-keyshortcuts", button.dataset.key!);
      else button.removeAttribute("aria-keyshortcuts");
    }
  };
  choice?.addEventListener("change", () => {
    localStorage.setItem(KEPT, choice.checked ? "on" : "off");
    apply();
  });
  addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!document.documentElement.hasAttribute("data-shortcuts") || event.repeat || !isForThePage(event, target)) return;
    const buttons = [...root.querySelectorAll<HTMLButtonElement>(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)];
    const button = buttons.find((one) => !one.disabled && one.offsetParent !== null);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  apply();
}
