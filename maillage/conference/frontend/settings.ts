/** The panel « Réglages »: which camera, microphone and loudspeaker; how the party is named. */
import { listDevices, type Choice } from "./devices.ts";

export interface SettingsWishes {
  devices: (choice: Choice) => void;
  speaker: (id: string) => void;
  renamed: (name: string, headCount: number) => void;
}

const KINDS: Record<string, MediaDeviceKind> = { microphone: "audioinput", camera: "videoinput", speaker: "audiooutput" };

async function fill(select: HTMLSelectElement, kind: MediaDeviceKind): Promise<void> {
  const chosen = select.value;
  const found = await listDevices(kind);
  select.replaceChildren(...found.map((device) => new Option(device.label || device.deviceId.slice(0, 8), device.deviceId, false, device.deviceId === chosen)));
  select.closest<HTMLElement>("[data-choice]")!.hidden = found.length < 2;
}

/** Bind the dialog; return what opens it. */
export function mountSettings(dialog: HTMLDialogElement, wishes: SettingsWishes): () => void {
  const select = (name: string): HTMLSelectElement => dialog.querySelector(`select[name="${name}"]`)!;
  const refill = async (): Promise<void> => {
    for (const [name, kind] of Object.entries(KINDS)) await fill(select(name), kind);
  };
  for (const name of ["microphone", "camera"]) {
    select(name).addEventListener("change", () => wishes.devices({ microphone: select("microphone").value, camera: select("camera").value }));
  }
  select("speaker").addEventListener("change", () => wishes.speaker(select("speaker").value));
  const form = dialog.querySelector<HTMLFormElement>("form[data-rename]")!;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = new FormData(form);
    const name = String(given.get("name") ?? "").trim();
    if (name) wishes.renamed(name.slice(0, 120), Math.min(500, Math.max(1, Number(given.get("head_count")) || 1)));
    dialog.close();
  });
  navigator.mediaDevices?.addEventListener?.("devicechange", () => void refill());
  return () => {
    void refill();
    dialog.showModal();
  };
}
