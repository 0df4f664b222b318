/** Names that only their own page can have at a bridge (ADR 0175). The page draws a secret and takes its digest, and the digest of that,
 *  and so on: the last one is the name of the page, told to everyone. It joins with the one before, then with the one before that. Each of
 *  them is checked by taking digests until the page's name comes out; nobody can tell the next one. Pure but for the draw. */

/** How often a page may join a bridge; far more than any meeting needs. */
export const MOST = 256;
/** How the name of a terminal or a telephone begins: the gateway alone gives it, and joins with just that. */
const CALLER = "sip.";

const rotated = (value: number, by: number): number => (value >>> by) | (value << (32 - by));
const fraction = (value: number): number => ((value - Math.floor(value)) * 2 ** 32) | 0;
const PRIMES = Array.from({ length: 310 }, (_, index) => index + 2).filter((one) => !Array.from({ length: 17 }, (_, index) => index + 2).some((by) => by < one && one % by === 0));
const ROUNDS = PRIMES.slice(0, 64).map((prime) => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

/** Return the first half of the SHA-256 of 32 characters, as 32 hexadecimal digits. At once, unlike the browser's own. */
export function digest(text: string): string {
  const words = new Array<number>(64).fill(0);
  for (let index = 0; index < 32; index += 1) words[index >> 2]! |= text.charCodeAt(index) << (24 - 8 * (index % 4));
  words[8] = 0x80000000 | 0;
  words[15] = 256;
  for (let index = 16; index < 64; index += 1) {
    const [early, late] = [words[index - 15]!, words[index - 2]!];
    const mixed = (rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3)) + (rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10));
    words[index] = (words[index - 16]! + words[index - 7]! + mixed) | 0;
  }
  let [a, b, c, d, e, f, g, h] = START as [number, number, number, number, number, number, number, number];
  for (let index = 0; index < 64; index += 1) {
    const one = h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[index]! + words[index]!;
    const two = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  return [a, b, c, d].map((half, index) => ((half + START[index]!) >>> 0).toString(16).padStart(8, "0")).join("");
}

/** The names of this page: `page` is told to everyone, `next` gives the one to join with. */
export class OwnNames {
  readonly page: string;
  private readonly names: string[];
  private used = 0;

  /** `secret`: 32 hexadecimal digits drawn for this page alone. */
  constructor(secret: string) {
    this.names = [secret];
    while (this.names.length <= MOST) this.names.push(digest(this.names.at(-1)!));
    this.page = this.names[MOST]!;
  }

  next(): string {
    this.used = Math.min(this.used + 1, MOST);
    return `${this.page}.${this.names[MOST - this.used]!}`;
  }
}

/** Return at which of its joinings the page `page` made the name `id`, counted from 1; 0 if it did not make it. */
export function joining(id: string, page: string): number {
  if (page.startsWith(CALLER)) return id === page ? 1 : 0;
  if (!/^[0-9a-f]{32}\.[0-9a-f]{32}$/.test(id) || !id.startsWith(page)) return 0;
  let name = id.slice(33);
  for (let count = 1; count <= MOST; count += 1) {
    name = digest(name);
    if (name === page) return count;
  }
  return 0;
}

/** Which participants are whose, as long as this page lives: a name that was left, or followed by a later one, is nobody's any more. */
export class Roll {
  private readonly known = new Map<string, number>();
  private readonly least = new Map<string, number>();

  /** Return which of `ids` is `page` now. */
  find(ids: readonly string[], page: string): string | undefined {
    let [found, latest] = [undefined as string | undefined, Math.max(1, this.least.get(page) ?? 1)];
    for (const id of ids) {
      const count = this.joining(id, page);
      if (count >= latest) [found, latest] = [id, count];
    }
    if (found) this.least.set(page, latest);
    return found;
  }

  /** A participant is gone; a caller's name is its call's, which comes again to another bridge. */
  left(id: string): void {
    const page = id.startsWith(CALLER) ? id : id.slice(0, 32);
    const count = page === id ? 0 : this.joining(id, page);
    if (count > 0) this.least.set(page, Math.max(this.least.get(page) ?? 1, count + 1));
  }

  private joining(id: string, page: string): number {
    const key = `${id} ${page}`;
    const count = this.known.get(key) ?? (id.startsWith(page) ? joining(id, page) : 0);
    if (this.known.size < 1000) this.known.set(key, count);
    return count;
  }
}
