/** « Appeler un autre point »: who can answer now, one touch rings there; or use this room at once. See station/screen.html. */
import { freshName } from "../../conference/frontend/identity.ts";
import { fill } from "./screen_state";
import type { Server, WalkInBooked, WalkInOffer, Whom } from "./server";

interface Wishes {
  part: (name: string) => HTMLElement;
  texts: Record<string, string>;
  server: Server;
  go: (address: string) => void;
}

/** Bind the button and its dialog. */
export function mountWalkIn({ part, texts, server, go }: Wishes): void {
  const dialog = part("walk-in-dialog") as HTMLDialogElement;
  const says = part("walk-in-says");
  let minutes = 30;
  let key = freshName();
  let busy = false;

  const button = (label: string, press: () => void): HTMLButtonElement => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: label });
    made.addEventListener("click", press);
    return made;
  };

  const show = (name: string, shown: boolean): void => {
    part(name).hidden = !shown;
  };

  async function open(): Promise<void> {
    key = freshName(); // one request for one opening: pressed twice, it books once
    busy = false;
    for (const name of ["walk-in-lengths", "walk-in-rooms", "walk-in-guest", "walk-in-enter", "walk-in-use"]) show(name, false);
    says.textContent = texts["walk_in_asking"]!;
    dialog.showModal();
    const answer = await server.walkInOffer();
    if (answer.kind === "given") offer(answer.body);
    else says.textContent = answer.kind === "refused" ? answer.sentence : texts["walk_in_cut"]!;
  }

  function offer({ sentence, lengths, rooms, ways }: WalkInOffer): void {
    const canUse = lengths.length > 0;
    says.textContent = canUse && rooms.length + ways.length === 0 ? `${sentence} ${texts["walk_in_none"]}` : sentence;
    minutes = lengths.includes(minutes) ? minutes : (lengths[0] ?? 30);
    const choices = lengths.map((length) => button(fill(texts["walk_in_minutes"]!, { minutes: length }), () => choose(length)));
    part("walk-in-lengths").replaceChildren(...choices);
    const row = (name: string, where: string, whom: Whom): HTMLElement => {
      const made = document.createElement("li");
      const call = button(name, () => void book(whom, name));
      call.classList.add("button--primary");
      made.append(call, Object.assign(document.createElement("span"), { className: "station__small", textContent: where }));
      return made;
    };
    part("walk-in-rooms").replaceChildren(
      ...rooms.map(({ room, name, place, until }) => row(name, `${place}, ${until}`, { room })),
      ...ways.map(({ way, name, place }) => row(name, place, { way })),
    );
    show("walk-in-lengths", lengths.length > 1);
    show("walk-in-rooms", canUse && rooms.length + ways.length > 0);
    show("walk-in-use", canUse);
    choose(minutes);
  }

  function choose(length: number): void {
    minutes = length;
    for (const choice of part("walk-in-lengths").querySelectorAll("button"))
      choice.setAttribute("aria-pressed", String(choice.textContent === fill(texts["walk_in_minutes"]!, { minutes })));
  }

  async function book(whom: Whom, name: string): Promise<void> {
    if (busy) return;
    busy = true;
    if (name) says.textContent = fill(texts["walk_in_ringing"]!, { name });
    const answer = await server.walkIn(whom, minutes, key);
    busy = false;
    if (answer.kind === "given") booked(answer.body);
    else says.textContent = answer.kind === "refused" ? answer.sentence : texts["walk_in_cut"]!;
  }

  function booked({ door, guest }: WalkInBooked): void {
    if (!guest) return go(door);
    for (const name of ["walk-in-lengths", "walk-in-rooms", "walk-in-use"]) show(name, false);
    says.textContent = texts["walk_in_guest"]!;
    (part("walk-in-code") as HTMLImageElement).src = guest.code;
    part("walk-in-address").textContent = guest.address;
    (part("walk-in-enter") as HTMLAnchorElement).href = door;
    show("walk-in-guest", true);
    show("walk-in-enter", true);
    part("walk-in-enter").focus();
  }

  part("walk-in").addEventListener("click", () => void open());
  part("walk-in-use").addEventListener("click", () => void book({}, ""));
  part("walk-in-close").addEventListener("click", () => dialog.close());
}
