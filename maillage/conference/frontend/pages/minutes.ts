/** The minutes are kept as they are written: a moment after the last letter, and again until the server has them. */

const QUIET = 800;
const AGAIN = 5000;

const form = document.querySelector<HTMLFormElement>("[data-minutes]")!;
const kept = form.querySelector<HTMLElement>("[data-kept]")!;
const clash = form.querySelector<HTMLElement>("[data-clash]")!;
const says = document.querySelector<HTMLElement>("[data-says]")!.dataset;
const version = form.querySelector<HTMLInputElement>("[name=version]")!;
const rows = form.querySelector<HTMLElement>("[data-rows]")!;
const add = form.querySelector<HTMLButtonElement>("[data-add]")!;
let timer = 0;
let sending: Promise<void> | null = null;
let written = 0;
let saved = 0;

interface Problem {
  code?: string;
  title?: string;
  advice?: string;
  details?: { version?: string };
}

async function keep(): Promise<void> {
  const now = written;
  const answer = await fetch(location.pathname, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form), keepalive: true }).catch(() => null);
  if (answer?.ok) {
    const told = (await answer.json()) as { version: number; saved: string };
    version.value = String(told.version);
    saved = now;
    kept.textContent = says["keptAt"]!.replace("{hour}", told.saved);
    if (written > now) later(QUIET);
    return;
  }
  const problem = answer?.status === 409 ? ((await answer.json()) as Problem) : {};
  if (problem.code === "minutes-changed") {
    clash.hidden = false;
    clash.dataset["version"] = problem.details?.version ?? "";
    clash.querySelector("[data-clash-words]")!.textContent = [problem.title, problem.advice].join(" ");
    return;
  }
  kept.textContent = says["notKept"]!;
  later(AGAIN);
}

function later(wait: number): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    sending = (sending ?? Promise.resolve()).then(keep);
  }, wait);
}

/** Another empty line: a copy of the last one, its numbers one further. */
function addRow(): void {
  const total = form.querySelector<HTMLInputElement>("[name=actions-TOTAL_FORMS]")!;
  const row = rows.lastElementChild!.cloneNode(true) as HTMLElement;
  for (const part of row.querySelectorAll("input, label")) {
    for (const name of ["id", "name", "for"]) {
      const value = part.getAttribute(name);
      if (value) part.setAttribute(name, value.replace(/actions-\d+-/, `actions-${total.value}-`));
    }
    if (part instanceof HTMLInputElement) part.value = "";
  }
  total.value = String(Number(total.value) + 1);
  rows.append(row);
  row.querySelector("input")?.focus();
}

form.addEventListener("input", () => {
  written += 1;
  if (clash.hidden) later(QUIET);
});
form.addEventListener("submit", () => {
  clearTimeout(timer);
  saved = written;
});
form.querySelector("[data-keep-mine]")!.addEventListener("click", () => {
  version.value = clash.dataset["version"] ?? version.value;
  clash.hidden = true;
  later(0);
});
add.hidden = false;
add.addEventListener("click", addRow);
addEventListener("online", () => written > saved && later(0));
addEventListener("beforeunload", (event) => {
  if (written > saved) event.preventDefault();
});
