/** Bring an answer into view when it would appear below the screen, without moving the keyboard. */
export function showResults(list: HTMLElement): void {
  const heading = list.querySelector("h2, .notice");
  if (!heading) return;
  const { top } = heading.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight * 0.7) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    heading.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }
}
