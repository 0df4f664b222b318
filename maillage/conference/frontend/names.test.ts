import { describe, expect, it } from "vitest";
import { digest, joining, MOST, OwnNames, Roll } from "./names.ts";

const SECRET = "00112233445566778899aabbccddeeff";

/** What the browser itself makes of a text. */
async function half(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

describe("the names of a page at a bridge", () => {
  it("are digests of each other", async () => {
    let name = SECRET;
    for (let count = 0; count < 50; count += 1) {
      expect(digest(name)).toBe(await half(name));
      name = digest(name);
    }
  });

  it("are all of that page, each later than the one before", () => {
    const names = new OwnNames(SECRET);
    expect([1, 2, 3].map(() => joining(names.next(), names.page))).toEqual([1, 2, 3]);
    for (let count = 4; count < MOST; count += 1) names.next();
    expect(joining(names.next(), names.page)).toBe(MOST);
  });

  it("cannot be made by another page", () => {
    const victim = new OwnNames(SECRET);
    const seen = victim.next();
    for (const forged of [victim.page, `${victim.page}.abc123`, `${victim.page}.${victim.page}`, `${victim.page}.${"0".repeat(32)}`, `${seen}.x`, `${victim.page}.${digest(seen.slice(33))}`]) {
      expect(joining(forged, victim.page)).toBe(0);
    }
  });

  it("of a caller are the gateway's", () => {
    expect([joining("sip.12ab", "sip.12ab"), joining("sip.12ab.x", "sip.12ab")]).toEqual([1, 0]);
  });
});

describe("the roll", () => {
  it("takes the last name a page joined with, and none that it had before", () => {
    const [names, roll] = [new OwnNames(SECRET), new Roll()];
    const [first, second] = [names.next(), names.next()];
    expect(roll.find([first], names.page)).toBe(first);
    expect(roll.find([second, first], names.page)).toBe(second);
    expect(roll.find([first], names.page)).toBeUndefined();
  });

  it("takes no name again that somebody left with", () => {
    const [names, roll] = [new OwnNames(SECRET), new Roll()];
    const [first, second] = [names.next(), names.next()];
    expect(roll.find([first], names.page)).toBe(first);
    roll.left(first);
    expect(roll.find([first, `${names.page}.forged`], names.page)).toBeUndefined();
    expect(roll.find([first, second], names.page)).toBe(second);
  });

  it("knows a call again that comes back on another bridge", () => {
    const roll = new Roll();
    roll.left("sip.12ab");
    expect(roll.find(["x", "sip.12ab"], "sip.12ab")).toBe("sip.12ab");
  });
});
