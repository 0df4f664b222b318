import { expect, it } from "vitest";
import { recordingShown } from "./recording.ts";

const news = (over: object) => ({ type: "recording" as const, step: "asked" as const, by: 1, waiting: [], refused: [], ...over });

it("asks a side that has not answered, whatever the others said", () => {
  expect(recordingShown(news({ waiting: [2], refused: [3] }), 2)).toEqual({ key: "recording_asks", buttons: ["accept", "refuse"] });
});

it("lets a side that refused change its mind, and any side stop", () => {
  expect(recordingShown(news({ refused: [2] }), 2).buttons).toContain("accept");
  expect(recordingShown(news({ step: "on" }), 2)).toEqual({ key: "recording_on", buttons: ["stop"] });
});

it("says who is waited for or refused, and nothing when nothing runs", () => {
  expect(recordingShown(news({ waiting: [3] }), 2).key).toBe("recording_waits");
  expect(recordingShown(news({ step: "paused", refused: [3] }), 2).key).toBe("recording_refused");
  expect(recordingShown(news({ step: "off" }), 2)).toEqual({ key: "", buttons: [] });
});
