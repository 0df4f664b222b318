/** A room now: towns suggested as they are typed. */
import { mountCommuneFields } from "../../../territory/frontend/commune_field.ts";

mountCommuneFields();
