import { expect, test, vi } from "vitest";
import { mountCopyButtons } from "./copy.ts";

const PAGE = '<button type="button" data-copy="https://maillage.example/r/x" hidden><span>Copier le lien</span></button>';

test("a button copies its address and says so", async () => {
  document.body.innerHTML = PAGE;
  const writeText = vi.fn().mockResolvedValue(undefined);
  mountCopyButtons(document, "Copié", { writeText } as unknown as Clipboard);
  const button = document.querySelector("button")!;
  expect(button.hidden).toBe(false);
  button.click();
  await Promise.resolve();
  expect(writeText).toHaveBeenCalledWith("https://maillage.example/r/x");
  await vi.waitFor(() => expect(button.textContent).toBe("Copié"));
});

test("without a clipboard the button stays hidden: the link itself can be copied", () => {
  document.body.innerHTML = PAGE;
  mountCopyButtons(document, "Copié", undefined as unknown as Clipboard);
  expect(document.querySelector("button")!.hidden).toBe(navigator.clipboard === undefined);
});
