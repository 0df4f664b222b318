/** What the screen asks of the server. A refusal is told from a cut line: only the first changes what it is. */

import type { Known } from "./screen_state";
import type { Measures } from "./self_test";

export type Answer<T> = { kind: "given"; body: T } | { kind: "refused"; code: string } | { kind: "cut" };

export interface Pairing {
  code: string;
  seconds: number;
}

export interface Addresses {
  start: string;
  state: string;
  beat: string;
  code: string;
  test: string;
  line: string;
  recorder: string;
  watch: string;
  pair: string;
}

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

  private async ask<T>(address: string, options: RequestInit = {}): Promise<Answer<T>> {
    const headers = { Accept: "application/json", "X-CSRFToken": this.csrf };
    try {
      const response = await fetch(address, { ...options, headers, cache: "no-store", signal: AbortSignal.timeout(10_000) });
      if (response.ok) return { kind: "given", body: (await response.json()) as T };
      if (response.status >= 500) return { kind: "cut" };
      const problem = (await response.json()) as { code?: string };
      return { kind: "refused", code: problem.code ?? "" };
    } catch {
      return { kind: "cut" };
    }
  }
}
