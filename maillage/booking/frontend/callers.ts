/**
 * People known to the agent, under the name being typed: a press fills in who they are.
 *
 *   <button type="button" data-caller="Jeanne Riou" data-reach="jeanne@example.fr" data-category="craft">
 */
const FILLED = { caller: "data-caller", reach: "data-reach", category: "data-category" } as const;

/** Bind the form; returns what unbinds it. Fields the person is not known by are left as they are. */
export function mountCallers(form: HTMLFormElement): () => void {
  const stop = new AbortController();
  form.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest("[data-caller]") : null;
      if (!button) return;
      for (const [name, attribute] of Object.entries(FILLED)) {
        const field = form.elements.namedItem(name);
        const value = button.getAttribute(attribute);
        if (value && (field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) field.value = value;
      }
      button.parentElement?.replaceChildren();
      const next = form.querySelector<HTMLElement>("[name=other]");
      next?.focus();
    },
    { signal: stop.signal },
  );
  return () => stop.abort();
}
