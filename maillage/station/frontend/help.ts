/** « Aide » on the idle screen: one touch rings at the concierge's; the number to call stays in sight. */
import { mountVoiceLine } from "../../conference/frontend/voice_line.ts";

/** Bind the button and its dialog. Closing the dialog hangs up. What is returned shows that the concierge calls this room. */
export function mountHelp(part: (name: string) => HTMLElement, texts: Record<string, string>): () => void {
  const dialog = part("help-dialog") as HTMLDialogElement;
  const line = mountVoiceLine(dialog.querySelector<HTMLElement>("[data-voice-line]")!, texts);
  part("help").addEventListener("click", () => {
    dialog.showModal();
    line.ring();
  });
  part("help-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => line.hangUp());
  return () => {
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[data-line-says]")!.textContent = texts["desk_calls"]!;
    dialog.querySelector<HTMLElement>("[data-line-ring]")!.focus();
  };
}
