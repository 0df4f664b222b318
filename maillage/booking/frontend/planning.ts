/** Draw over the free part of a room's day to fill the form that blocks it. The form alone is enough: this is a shortcut. */

export interface Drawn {
  start: number;
  end: number;
}

/** Return the quarters of the day from one place of a lane to another, whole hours' quarters included, in order. */
export function drawnBetween(from: number, to: number, width: number, first: number, quarters: number): Drawn {
  const at = (x: number): number => Math.min(quarters - 1, Math.max(0, Math.floor((x / Math.max(1, width)) * quarters)));
  const [low, high] = [at(Math.min(from, to)), at(Math.max(from, to))];
  return { start: first + low, end: first + high + 1 };
}

/** Return a quarter of the day as a time field holds it; the end of the day is 00:00. */
export function clock(quarter: number): string {
  const of = quarter % 96;
  return `${String(Math.floor(of / 4)).padStart(2, "0")}:${String((of % 4) * 15).padStart(2, "0")}`;
}

/** Let every lane of `lanes` be drawn over; `form` is filled and shown when the pointer leaves. Returns what undoes it. */
export function mountPlanning(lanes: HTMLElement, form: HTMLFormElement): () => void {
  const stop = new AbortController();
  const first = Number(lanes.dataset["first"]);
  const quarters = Number(lanes.dataset["quarters"]);
  for (const lane of lanes.querySelectorAll<HTMLElement>("[data-lane]")) {
    lane.addEventListener("pointerdown", (press) => {
      if (press.button !== 0 || press.pointerType === "touch" || press.target !== lane) return;
      const box = lane.getBoundingClientRect();
      const mark = document.createElement("li");
      mark.className = "block block--drawn";
      mark.setAttribute("aria-hidden", "true");
      lane.append(mark);
      const end = new AbortController();
      const show = (move: PointerEvent): Drawn => {
        const drawn = drawnBetween(press.clientX - box.left, move.clientX - box.left, box.width, first, quarters);
        mark.style.gridColumn = `${drawn.start - first + 1} / ${drawn.end - first + 1}`;
        mark.textContent = `${clock(drawn.start)} – ${clock(drawn.end)}`;
        return drawn;
      };
      show(press);
      window.addEventListener("pointermove", show, { signal: end.signal });
      window.addEventListener("pointercancel", () => { mark.remove(); end.abort(); }, { signal: end.signal });
      window.addEventListener("pointerup", (release) => {
        end.abort();
        fill(form, lane.dataset["lane"] ?? "", lanes.dataset["day"] ?? "", show(release));
        mark.remove();
      }, { signal: end.signal });
    }, { signal: stop.signal });
  }
  return () => stop.abort();
}

function fill(form: HTMLFormElement, room: string, day: string, drawn: Drawn): void {
  const set = (name: string, value: string): void => {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
  };
  set("room", room);
  set("day", day);
  set("last_day", "");
  set("start", clock(drawn.start));
  set("end", clock(drawn.end));
  const note = form.elements.namedItem("note");
  if (note instanceof HTMLInputElement) note.focus();
}
