/** What the desk does from afar is seen and heard in the room: a soft bell, and words that stay long enough to be read. */

const SHOWN_MS = 300_000;
let hiding: ReturnType<typeof setTimeout> | undefined;

/** Show a sentence for five minutes, or until the next one. */
export function showMessage(element: HTMLElement, sentence: string): void {
  element.textContent = sentence;
  element.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (element.hidden = true), SHOWN_MS);
}

/** Two notes, a third of a second each. A browser that refuses sound before a gesture only shows the words. */
export function ringBell(): void {
  const context = new AudioContext();
  [660, 880].forEach((frequency, rank) => {
    const gain = new GainNode(context, { gain: 0.15 });
    const note = new OscillatorNode(context, { frequency });
    note.connect(gain).connect(context.destination);
    note.start(context.currentTime + rank * 0.3);
    note.stop(context.currentTime + rank * 0.3 + 0.3);
  });
  setTimeout(() => void context.close(), 1500);
}

const RING_EVERY = 2000;
const RINGS = 30;
let ringing: ReturnType<typeof setInterval> | undefined;

/** Ring for a minute, or until somebody touches the screen. */
export function ringLong(): void {
  stopRinging();
  let left = RINGS;
  ringBell();
  ringing = setInterval(() => (left-- > 0 ? ringBell() : stopRinging()), RING_EVERY);
  for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, stopRinging, { once: true, capture: true });
}

export function stopRinging(): void {
  clearInterval(ringing);
}
