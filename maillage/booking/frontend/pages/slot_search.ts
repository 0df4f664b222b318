/** The sentence: suggestions under its towns, « personne » for one, and the day asked only when it is needed. */
import { mountCommuneFields } from "../../../territory/frontend/commune_field.ts";
import { showResults } from "../results.ts";

mountCommuneFields();
document.addEventListener("htmx:after:swap", () => {
  mountCommuneFields();
  const list = document.querySelector<HTMLElement>("#slot-list");
  if (list) showResults(list);
});
