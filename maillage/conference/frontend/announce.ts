/** What a screen reader is told, one sentence at a time, in the page's live region. */
export function announcer(region: HTMLElement): (sentence: string) => void {
  let waiting: string[] = [];
  let timer = 0;
  return (sentence) => {
    waiting.push(sentence);
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      region.textContent = waiting.join(" ");
      waiting = [];
    }, 150);
  };
}
