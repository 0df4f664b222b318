/** Showing something with one's finger: by mouse, pen or arrow keys, ten times a second at most. It draws nothing. */

export interface Spot {
  x: number;
  y: number;
}

interface Corner {
  left: number;
  top: number;
}

const EVERY = 100;
const STEP = 0.02;
const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

/** Return the spot an arrow key moves to, within the picture; null for another key. */
export function moved(spot: Spot, key: string): Spot | null {
  const by = ARROWS[key];
  const within = (value: number): number => Math.round(Math.max(0, Math.min(1, value)) * 1000) / 1000;
  return by ? { x: within(spot.x + by[0]), y: within(spot.y + by[1]) } : null;
}

/** Draw `spot` of a picture that lies at `picture` within `outer`; null takes the pointer away. It keeps where it is, for a second screen. */
export function drawAt(pointer: HTMLElement, spot: Spot | null, outer: Corner, picture: Corner & { width: number; height: number }): void {
  pointer.hidden = spot === null;
  if (!spot) return;
  pointer.style.left = `${picture.left - outer.left + spot.x * picture.width}px`;
  pointer.style.top = `${picture.top - outer.top + spot.y * picture.height}px`;
  pointer.dataset.spot = `${spot.x} ${spot.y}`;
}

/** Return where a pointer that `drawAt` drew is. */
export function spotOf(pointer: HTMLElement | null): Spot | null {
  const [x, y] = (pointer?.hidden === false ? (pointer.dataset.spot ?? "") : "").split(" ").map(Number);
  return x === undefined || y === undefined ? null : { x, y };
}

export class Pointing {
  isOn = false;
  private spot: Spot = { x: 0.5, y: 0.5 };
  private at = -EVERY;
  /** `tell` is given where one points now, null when one points no more. */
  private readonly tell: (spot: Spot | null) => void;

  constructor(tell: (spot: Spot | null) => void) {
    this.tell = tell;
  }

  toggle(): void {
    this.isOn = !this.isOn;
    this.tell(this.isOn ? this.spot : null);
  }

  stop(): void {
    if (this.isOn) this.toggle();
  }

  point(spot: Spot | null, now = performance.now()): void {
    if (!this.isOn || !spot || now - this.at < EVERY) return;
    [this.at, this.spot] = [now, spot];
    this.tell(spot);
  }

  /** The mouse left the picture: one points again as soon as it is back. */
  away(): void {
    if (this.isOn) this.tell(null);
  }

  key(event: KeyboardEvent): void {
    const spot = this.isOn ? moved(this.spot, event.key) : null;
    if (!spot) return;
    event.preventDefault();
    this.point(spot);
  }
}
