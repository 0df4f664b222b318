/** The sentence: the answer comes into view when it would appear below the screen. */
import { showResults } from "../results.ts";

document.addEventListener("htmx:after:swap", () => {
  const list = document.querySelector<HTMLElement>("#slot-list");
  if (list) showResults(list);
});
