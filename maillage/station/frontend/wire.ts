/** The wire: the server says at once that something waits. Signs of life go on beside it; cut, it only costs their seconds. */
import { delayBefore } from "../../conference/frontend/backoff.ts";
import { socketAddress } from "../../conference/frontend/line_socket.ts";

const REFUSED = 4403;
const LONGEST_WAIT = 20_000;

export interface Wire {
  /** Be on the line, now and after each cut. */
  keep: () => void;
  /** Leave it: this screen has no room. */
  drop: () => void;
}

/** Return the wire to `path`; `news` is called when the server has something for this screen. */
export function openWire(path: string, news: () => void): Wire {
  let socket: WebSocket | null = null;
  let attempt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function keep(): void {
    if (socket) return;
    clearTimeout(retry);
    const opened = new WebSocket(socketAddress(path));
    socket = opened;
    opened.onopen = () => (attempt = 0);
    opened.onmessage = news;
    opened.onclose = ({ code }) => {
      if (socket !== opened) return;
      socket = null;
      if (code === REFUSED) return news(); // asking says why
      retry = setTimeout(keep, delayBefore(attempt++, Math.random(), LONGEST_WAIT));
    };
  }

  function drop(): void {
    clearTimeout(retry);
    const left = socket;
    socket = null;
    left?.close();
  }

  return { keep, drop };
}
