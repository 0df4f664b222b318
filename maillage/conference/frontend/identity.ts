import { OwnNames } from "./names.ts";

/** Which screen this is. It survives a reload of the page, so that the party comes back without a question. */
export interface Identity {
  connection: string;
  page: string;
  /** The names this page joins bridges with, of which `page` is the last. */
  names: OwnNames;
  wasIn: boolean;
}

/** Random hexadecimal digits, two a byte. */
const drawn = (bytes: number): string => [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A random name for a screen or a page; not `randomUUID`, which insecure test pages lack. */
export function freshName(): string {
  return drawn(12);
}

const ROOM = "maillage.station.connection";

/** The name of a room's own screen, the same for every meeting: after a power cut, it takes its place again unasked. */
export function roomConnection(store: Storage): string {
  const name = store.getItem(ROOM) ?? freshName();
  store.setItem(ROOM, name);
  return name;
}

/** Read who this screen is for the meeting of `token`, making a name the first time unless it has one of its own. */
export function readIdentity(token: string, store: Storage, own = ""): Identity {
  const key = `meeting:${token.slice(-24)}`;
  const [connection, mark] = (store.getItem(key) ?? "").split(" ");
  const names = new OwnNames(drawn(16));
  const identity = { connection: own || connection || freshName(), page: names.page, names, wasIn: mark === "in" };
  keepIdentity(token, store, identity, identity.wasIn);
  return identity;
}

/** Remember whether this screen is in. */
export function keepIdentity(token: string, store: Storage, identity: Identity, isIn: boolean): void {
  store.setItem(`meeting:${token.slice(-24)}`, `${identity.connection} ${isIn ? "in" : "out"}`);
}
