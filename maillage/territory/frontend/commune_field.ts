/**
 * Suggest communes under a text field, as an ARIA combobox. Without script the field is typed in and the server reads it.
 *
 *   <input name="place_1" data-communes="/communes" autocomplete="off">
 *
 * The address answers territory/_suggestions.html; its texts come from there. What is chosen is written in the field as
 * the server can read it back, "Callac (22160)", and told by a bubbling "change" event.
 */
const DELAY_MS = 120;
const SHORTEST = 2;
let fields = 0;

/** Where the keyboard goes among `count` options, -1 being the field itself. Turns around at both ends. */
export function moved(active: number, step: 1 | -1, count: number): number {
  if (count === 0) return -1;
  const next = active + step;
  if (next >= count) return -1;
  return next < -1 ? count - 1 : next;
}

/** Bind a field; returns what unbinds it and takes its list away. */
export function mountCommuneField(input: HTMLInputElement): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const id = `communes-${++fields}`;
  const list = document.createElement("ul");
  const status = document.createElement("span");
  let active = -1;
  let timer = 0;
  let asked: AbortController | null = null;

  list.id = id;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", labelOf(input));
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  const frame = document.createElement("span");
  frame.className = "suggestions-frame";
  const focused = document.activeElement === input;
  input.before(frame);
  frame.append(input, list, status);
  if (focused) input.focus(); // moving it took the focus away
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  input.autocomplete = "off";

  const options = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[role=option]")];

  function show(open: boolean): void {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) point(-1);
  }

  function point(index: number): void {
    active = index;
    options().forEach((option, position) => option.setAttribute("aria-selected", String(position === index)));
    const option = options()[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function choose(option: HTMLElement): void {
    input.value = option.dataset["value"] ?? input.value;
    input.dataset["insee"] = option.dataset["insee"] ?? "";
    show(false);
    status.textContent = "";
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function suggest(): Promise<void> {
    asked?.abort();
    asked = new AbortController();
    const query = input.value.trim();
    if (query.length < SHORTEST) return show(false);
    try {
      const address = `${input.dataset["communes"] ?? "/communes"}?q=${encodeURIComponent(query)}`;
      const answer = await fetch(address, { signal: asked.signal, headers: { Accept: "text/html" } });
      if (!answer.ok || signal.aborted) return;
      fill(await answer.text());
    } catch {
      show(false); // the network is away: the field is still typed in
    }
  }

  function fill(html: string): void {
    const answered = new DOMParser().parseFromString(html, "text/html").querySelector("ul");
    list.replaceChildren(...(answered?.children ?? []));
    options().forEach((option, position) => (option.id = `${id}-${position}`));
    status.textContent = answered?.dataset["summary"] ?? "";
    point(-1);
    show(options().length > 0 && document.activeElement === input);
  }

  function press(event: KeyboardEvent): void {
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void suggest();
      point(moved(active, event.key === "ArrowDown" ? 1 : -1, options().length));
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      choose(options()[active]!);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      show(false);
    } else if (event.key === "Tab") show(false);
  }

  input.addEventListener("input", () => {
    delete input.dataset["insee"];
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void suggest(), DELAY_MS);
  }, { signal });
  input.addEventListener("keydown", press, { signal });
  input.addEventListener("blur", () => show(false), { signal });
  list.addEventListener("mousedown", (event) => event.preventDefault(), { signal }); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (option) choose(option);
  }, { signal });

  return () => {
    stop.abort();
    asked?.abort();
    window.clearTimeout(timer);
    for (const name of [...Object.keys(attributes), "aria-activedescendant"]) input.removeAttribute(name);
    frame.before(input);
    frame.remove();
  };
}

/** Bind every field of `root` that has data-communes; returns what unbinds them all. */
export function mountCommuneFields(root: ParentNode = document): () => void {
  const undo = [...root.querySelectorAll<HTMLInputElement>("input[data-communes]:not([role=combobox])")].map(mountCommuneField);
  return () => undo.forEach((each) => each());
}

function labelOf(input: HTMLInputElement): string {
  return input.getAttribute("aria-label") ?? input.labels?.[0]?.textContent?.trim() ?? "";
}
