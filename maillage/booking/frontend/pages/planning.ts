/** The planning: hours drawn over a room fill the form that blocks it. */
import { mountPlanning } from "../planning.ts";

const lanes = document.querySelector<HTMLElement>("[data-quarters]");
const form = document.querySelector<HTMLFormElement>("#block form");
if (lanes && form) mountPlanning(lanes, form);
