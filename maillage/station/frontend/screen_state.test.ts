import { expect, test } from "vitest";
import { enumerate, fill, type Known, type Meeting, shownAt } from "./screen_state";

const meeting = (startsAt: string, endsAt: string): Meeting => ({
  reference: "K7Q2-M4", startsAt, endsAt, hour: "14 h 00", title: "", others: ["Lannion"], door: "/r/x",
});

const known = (...meetings: Meeting[]): Known => ({
  now: "", version: "1", room: "Salle", point: "Mairie", zone: "Europe/Paris", helpPhone: "", level: "green", offered: true, meetings,
});

const two = known(
  meeting("2026-11-24T13:00:00Z", "2026-11-24T14:00:00Z"),
  meeting("2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z"),
);

test.each([
  ["2026-11-24T08:00:00Z", "later"],
  ["2026-11-24T12:05:00Z", "soon"],
  ["2026-11-24T12:49:59Z", "soon"],
  ["2026-11-24T12:50:00Z", "door"],
  ["2026-11-24T13:59:59Z", "door"],
  ["2026-11-24T14:00:00Z", "later"],
  ["2026-11-25T10:00:00Z", "idle"],
])("at %s the screen is %s", (now, kind) => {
  expect(shownAt(two, Date.parse(now)).kind).toBe(kind);
});

test("tomorrow is not today, in the room's own zone", () => {
  const reunion = { ...known(meeting("2026-11-24T21:00:00Z", "2026-11-24T22:00:00Z")), zone: "Indian/Reunion" };
  expect(shownAt(reunion, Date.parse("2026-11-24T19:00:00Z"))).toMatchObject({ kind: "later", today: false });
});

test("names are enumerated as people say them", () => {
  expect(enumerate([], "et", "vos invités")).toBe("vos invités");
  expect(enumerate(["Brest"], "et", "")).toBe("Brest");
  expect(enumerate(["Brest", "Lannion", "Rennes"], "et", "")).toBe("Brest, Lannion et Rennes");
});

test("a brace without its value stays visible", () => {
  expect(fill("{others} à {hour}", { others: "Lannion" })).toBe("Lannion à {hour}");
});
