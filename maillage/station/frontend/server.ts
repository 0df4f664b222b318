/** What the screen asks of the server. A refusal is told from a cut line: only the first changes what it is. */

import type { Known } from "./screen_state";
import type { Measures } from "./self_test";

export type Answer<T> = { kind: "given"; body: T } | { kind: "refused"; code: string; sentence: string } | { kind: "cut" };

export interface Pairing {
  code: string;
  seconds: number;
}

export interface Addresses {
  start: string;
  state: string;
  beat: string;
  wire: string;
  code: string;
  test: string;
  line: string;
  recorder: string;
  watch: string;
  pair: string;
  call: string;
  release: string;
}

/** What people who come without a booking may do now. */
export interface WalkInOffer {
  sentence: string;
  lengths: number[];
  rooms: { room: number; name: string; place: string; until: string }[];
  /** Organisations that agreed to be rung at once. */
  ways: { way: number; name: string; place: string }[];
}

export interface WalkInBooked {
  door: string;
  guest: { address: string; code: string; reference: string } | null;
}

/** A room, an organisation, or nobody yet: a guest comes by a link. */
export type Whom = { room: number } | { way: number } | object;

export class Server {
  constructor(
    private readonly addresses: Addresses,
    private readonly csrf: string,
  ) {}

  start(): Promise<Answer<Known>> {
    return this.ask<Known>(this.addresses.start, { method: "POST" });
  }

  state(): Promise<Answer<Known>> {
    return this.ask<Known>(this.addresses.state);
  }

  /** A sign of life; `ask` says that the state is worth asking for. */
  beat(): Promise<Answer<{ ask: boolean }>> {
    return this.ask(this.addresses.beat);
  }

  requestCode(): Promise<Answer<Pairing>> {
    return this.ask<Pairing>(this.addresses.code, { method: "POST" });
  }

  sendTest(occasion: string, reference: string, measures: Measures): Promise<Answer<{ level: Known["level"] }>> {
    return this.ask(this.addresses.test, { method: "POST", body: JSON.stringify({ occasion, reference, ...measures }) });
  }

  walkInOffer(): Promise<Answer<WalkInOffer>> {
    return this.ask<WalkInOffer>(this.addresses.call);
  }

  walkIn(whom: Whom, minutes: number, key: string): Promise<Answer<WalkInBooked>> {
    return this.ask<WalkInBooked>(this.addresses.call, { method: "POST", body: JSON.stringify({ ...whom, minutes, key }) });
  }

  release(reference: string): Promise<Answer<object>> {
    return this.ask<object>(this.addresses.release, { method: "POST", body: JSON.stringify({ reference }) });
  }

  private ask<T>(address: string, options: RequestInit = {}): Promise<Answer<T>> {
    return askServer(address, this.csrf, options);
  }
}

export async function askServer<T>(address: string, csrf: string, options: RequestInit = {}): Promise<Answer<T>> {
  const headers = { Accept: "application/json", "X-CSRFToken": csrf };
  try {
    const response = await fetch(address, { ...options, headers, cache: "no-store", signal: AbortSignal.timeout(10_000) });
    if (response.ok) return { kind: "given", body: (await response.json()) as T };
    if (response.status >= 500) return { kind: "cut" };
    const problem = (await response.json()) as { code?: string; title?: string; advice?: string };
    return { kind: "refused", code: problem.code ?? "", sentence: [problem.title, problem.advice].filter(Boolean).join(" ") };
  } catch {
    return { kind: "cut" };
  }
}
