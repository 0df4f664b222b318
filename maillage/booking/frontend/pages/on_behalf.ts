/** Booking for somebody: towns suggested, known callers filled in. */
import { mountCommuneFields } from "../../../territory/frontend/commune_field.ts";
import { mountCallers } from "../callers.ts";

mountCommuneFields();
const form = document.querySelector<HTMLFormElement>("[data-role=on-behalf]");
if (form) mountCallers(form);
