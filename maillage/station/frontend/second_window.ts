/** Open the second screen of a machine that has two: by itself where the browser allows it, else by one button. */
import { CHANNEL, GONE_AFTER, type News } from "../../conference/frontend/second_news.ts";

interface Placed {
  left: number;
  top: number;
  availWidth: number;
  availHeight: number;
}

interface Screens {
  screens: (Placed & object)[];
  currentScreen: object;
}

type Managed = Window & { getScreenDetails?: () => Promise<Screens> };

/** Bind `button`, shown while there are two screens and no second window. */
export function mountSecondWindow(button: HTMLElement, address: string): void {
  let heardAt = -Infinity;
  new BroadcastChannel(CHANNEL).onmessage = ({ data }: MessageEvent<News>) => {
    if (data.type === "here") heardAt = performance.now();
  };
  const isOpen = (): boolean => performance.now() - heardAt < GONE_AFTER;
  const isExtended = (): boolean => (window.screen as Screen & { isExtended?: boolean }).isExtended === true;

  const open = async (): Promise<void> => {
    const details = await (window as Managed).getScreenDetails?.().catch(() => null);
    const other = details?.screens.find((one) => one !== details.currentScreen);
    const place = other ? `left=${other.left},top=${other.top},width=${other.availWidth},height=${other.availHeight}` : "popup";
    window.open(address, "maillage-second-screen", place);
  };

  const openByItself = async (): Promise<void> => {
    const allowed = await navigator.permissions.query({ name: "window-management" as PermissionName }).catch(() => null);
    if (allowed?.state === "granted" && isExtended() && !isOpen()) await open();
  };

  button.addEventListener("click", () => void open());
  setInterval(() => (button.hidden = !isExtended() || isOpen()), 1000);
  setTimeout(() => void openByItself(), GONE_AFTER); // a window that outlived this page has said it is there by now
}
