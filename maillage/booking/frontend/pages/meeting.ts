/** « Ma réunion » and its sheets: copy a link, print. */
import { mountCopyButtons, mountPrintButtons } from "../copy.ts";

const texts = document.querySelector("#texts");
const { copied = "✓" } = texts ? (JSON.parse(texts.textContent ?? "{}") as { copied?: string }) : {};
mountCopyButtons(document, copied);
mountPrintButtons(document);
