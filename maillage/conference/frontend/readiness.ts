/** When a new track can take the place of one that plays. */
const LONGEST_WAIT = 1500;

/** Resolve once `track` brings sound, or its first picture, so that no gap nor black shows. */
export async function isReady(track: MediaStreamTrack): Promise<void> {
  if (track.muted) await new Promise((done) => track.addEventListener("unmute", done, { once: true }));
  if (track.kind === "video") await firstPicture(track);
}

async function firstPicture(track: MediaStreamTrack): Promise<void> {
  const video = document.createElement("video");
  if (!("requestVideoFrameCallback" in video)) return;
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  const shown = new Promise((done) => video.requestVideoFrameCallback(done));
  void video.play().catch(() => undefined);
  await Promise.race([shown, new Promise((done) => setTimeout(done, LONGEST_WAIT))]);
  video.srcObject = null;
}
