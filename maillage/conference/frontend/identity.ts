/** Which screen this is. It survives a reload of the page, so that the party comes back without a question. */
export interface Identity {
  connection: string;
  page: string;
  wasIn: boolean;
}

/** A random name for a screen or a page; not `randomUUID`, which insecure test pages lack. */
export function freshName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Read who this screen is for the meeting of `token`, making a name the first time. */
export function readIdentity(token: string, store: Storage): Identity {
  const key = `meeting:${token.slice(-24)}`;
  const [connection, mark] = (store.getItem(key) ?? "").split(" ");
  const identity = { connection: connection || freshName(), page: freshName(), wasIn: mark === "in" };
  keepIdentity(token, store, identity, identity.wasIn);
  return identity;
}

/** Remember whether this screen is in. */
export function keepIdentity(token: string, store: Storage, identity: Identity, isIn: boolean): void {
  store.setItem(`meeting:${token.slice(-24)}`, `${identity.connection} ${isIn ? "in" : "out"}`);
}
