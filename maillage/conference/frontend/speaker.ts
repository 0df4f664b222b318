/** Who speaks now among the others: the loudest for long enough, kept through short silences. */
import { listen } from "./voice.ts";

const HEARD = 0.3;
const TAKES = 3;

/** Follows levels, one round at a time. Pure. */
export class SpeakerOrder {
  speaker: number | null = null;
  private challenger: number | null = null;
  private rounds = 0;

  /** Take one round of levels by party; tell whether the speaker changed. */
  round(levels: ReadonlyMap<number, number>): boolean {
    let loudest: number | null = null;
    for (const [party, level] of levels) if (level >= HEARD && level > (loudest === null ? 0 : (levels.get(loudest) ?? 0))) loudest = party;
    if (loudest === null || loudest === this.speaker) {
      this.rounds = 0;
      return false;
    }
    this.rounds = loudest === this.challenger ? this.rounds + 1 : 1;
    this.challenger = loudest;
    if (this.speaker !== null && this.rounds < TAKES) return false;
    this.speaker = loudest;
    this.rounds = 0;
    return true;
  }

  left(party: number): void {
    if (this.speaker === party) this.speaker = null;
  }
}

/** Watches the sound of the other parties; `changed` is told who speaks. */
export class SpeakerWatch {
  private readonly order = new SpeakerOrder();
  private readonly levels = new Map<number, number>();
  private readonly stops = new Map<number, () => void>();
  private readonly changed: (party: number | null) => void;

  constructor(changed: (party: number | null) => void) {
    this.changed = changed;
    window.setInterval(() => {
      if (this.order.round(this.levels)) this.changed(this.order.speaker);
    }, 250);
  }

  add(party: number, track: MediaStreamTrack): void {
    this.stops.get(party)?.();
    this.stops.set(party, listen(track, (level) => this.levels.set(party, level)));
  }

  /** Forget those who are not among `parties` any more. */
  keep(parties: ReadonlySet<number>): void {
    for (const [party, stop] of [...this.stops]) {
      if (parties.has(party)) continue;
      stop();
      this.stops.delete(party);
      this.levels.delete(party);
      this.order.left(party);
    }
  }
}
