/** What the others write, read on a room's own screen: each line for as long as it takes to read, the last two at once. */

const LEAST = 8000;
const MOST = 30_000;
const PER_LETTER = 90;
const AT_ONCE = 2;

/** How long a sentence stays, in milliseconds: read aloud from three metres. */
export const staysFor = (sentence: string): number => Math.min(MOST, LEAST + PER_LETTER * sentence.length);

/** Bind `list`; what is returned shows one more sentence. Without a list (any other page) it does nothing. */
export function mountCaptions(list: HTMLElement | null): (sentence: string) => void {
  return (sentence) => {
    if (!list) return;
    const line = Object.assign(document.createElement("li"), { textContent: sentence });
    list.append(line);
    while (list.children.length > AT_ONCE) list.firstElementChild!.remove();
    list.hidden = false;
    setTimeout(() => {
      line.remove();
      list.hidden = list.children.length === 0;
    }, staysFor(sentence));
  };
}
