/** The wall refreshes itself; when nothing new has come for a while it says so, instead of showing an old minute as now. */

const STALE_AFTER = 15_000;
const notice = document.querySelector<HTMLElement>("[data-role=stale]")!;
let heardAt = Date.now();

const look = (): void => {
  notice.hidden = Date.now() - heardAt < STALE_AFTER;
};

new MutationObserver(() => {
  heardAt = Date.now();
  look();
}).observe(document.querySelector("#wall")!.parentElement!, { childList: true });

/** The session ended, or the page became another one: the whole page asks again, and people read what to do. */
setInterval(() => {
  look();
  if (!document.querySelector("#wall")) location.reload();
}, 1000);
