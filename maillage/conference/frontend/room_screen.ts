/** A room's own screen in a meeting: it goes in by itself, keeps the volume chosen in the room, and returns to its page. */

import { feedSecondScreen } from "./second_screen.ts";

const LONGEST_WAIT = 4000;
const REFUSED_SHOWN = 15_000;
const VOLUME = "maillage.station.volume";

interface RoomScreen {
  /** Resolves once camera and microphone have answered, whatever they said. */
  devices: Promise<unknown>;
  isAtDoor: () => boolean;
  enter: () => void;
  volume: HTMLInputElement;
  setVolume: (volume: number) => void;
}

/** Enter as soon as the devices have answered, or after LONGEST_WAIT without them: hearing the others comes first. */
export async function mountRoomScreen(screen: RoomScreen): Promise<void> {
  const apply = () => screen.setVolume(Number(screen.volume.value) / 100);
  screen.volume.value = localStorage.getItem(VOLUME) ?? screen.volume.value;
  screen.volume.addEventListener("input", () => {
    localStorage.setItem(VOLUME, screen.volume.value);
    apply();
  });
  apply();
  feedSecondScreen(document.body);
  await Promise.race([screen.devices, new Promise((late) => setTimeout(late, LONGEST_WAIT))]);
  if (screen.isAtDoor()) screen.enter();
}

/** Never leave a room in front of a refusal: back to its own page once it could be read. */
export function returnLater(address: string): void {
  setTimeout(() => location.assign(address), REFUSED_SHOWN);
}
