/** Names that only their own page can have at a bridge (ADR 0175). The page draws a secret and takes its digest, and the digest of that,
 *  and so on: the last one is the name of the page, told to everyone. It joins with the one before, then with the one before that. Each of
 *  them is checked by taking digests until the page's name comes out; nobody can tell the next one. Pure but for the draw. */

import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils";

/** How often a page may join a bridge; far more than any meeting needs. */
export const MOST = 256;
/** How the name of a terminal or a telephone begins: the gateway alone gives it, and joins with just that. */
const CALLER = "sip.";

/** Return the next name of a row: half a SHA-256. At once, unlike the browser's own: what is received is decided at once. */
export const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)).subarray(0, 16));

/** Whether a page is a terminal's or a telephone's: it hears no signal, only the bridge brings it. */
export const isCaller = (page: string): boolean => page.startsWith(CALLER);

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
  if (isCaller(page)) return id === page ? 1 : 0;
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
    const page = isCaller(id) ? id : id.slice(0, 32);
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
