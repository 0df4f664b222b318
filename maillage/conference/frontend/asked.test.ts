import { expect, test } from "vitest";
import { obey } from "./asked.ts";
import { AT_DOOR, next } from "./state.ts";

test("the concierge may take sound and image away, once", () => {
  const muted = next(AT_DOOR, obey(AT_DOOR, "mute")!);
  expect(muted.microphone).toBe(false);
  expect(obey(muted, "mute")).toBeNull();
  const soundOnly = next(AT_DOOR, obey(AT_DOOR, "sound-only")!);
  expect(soundOnly.soundOnly).toBe(true);
  expect(obey(soundOnly, "sound-only")).toBeNull();
});
