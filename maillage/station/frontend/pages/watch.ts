/** Keeps the room's screens alive when the line is cut: their pages, scripts and type come from here. Nothing else does. */

export {};

interface Watch {
  MAILLAGE: { version: string; shell: string[] };
  addEventListener(kind: "install" | "activate" | "fetch", handle: (event: never) => void): void;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
interface Asking {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = self as unknown as Watch;
const store = `station-${worker.MAILLAGE.version}`;
const pages = ["/station", "/station/ecran"];

worker.addEventListener("install", (event: Lasting) => {
  event.waitUntil(caches.open(store).then((kept) => kept.addAll([...pages, ...worker.MAILLAGE.shell])));
});

worker.addEventListener("activate", (event: Lasting) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== store).map((name) => caches.delete(name)))));
});

worker.addEventListener("fetch", (event: Asking) => {
  const path = new URL(event.request.url).pathname;
  const kept = pages.includes(path) || path.startsWith("/static/");
  if (event.request.method === "GET" && kept) event.respondWith(freshOrKept(event.request));
});

/** The network's answer, kept for later; what was kept, when there is no network. */
async function freshOrKept(request: Request): Promise<Response> {
  const memory = await caches.open(store);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await memory.put(request, fresh.clone());
    return fresh;
  } catch (cut) {
    const kept = await memory.match(request);
    if (kept) return kept;
    throw cut;
  }
}
