/** The echo partner: one's voice goes out by a real line, through the network's relay where there is one, and comes back later.
 *  Both ends are in this page, so it answers at any hour; what passes between them is what passes on the day. */

const DELAY_SECONDS = 2;
const PATIENCE = 12_000;

export interface Echo {
  /** The voice that came back; null when no path was found. */
  voice: MediaStream | null;
  path: "" | "host" | "srflx" | "prflx" | "relay";
  rttMs: number | null;
  close: () => void;
}

/** Open the loop for `microphone`. With a relay among `iceServers` only relayed paths are used. */
export async function openEcho(microphone: MediaStreamTrack, iceServers: RTCIceServer[]): Promise<Echo> {
  const relayed = iceServers.some((server) => [server.urls].flat().some((url) => url.startsWith("turn")));
  const options: RTCConfiguration = { iceServers, iceTransportPolicy: relayed ? "relay" : "all" };
  const near = new RTCPeerConnection(options);
  const far = new RTCPeerConnection(options);
  const context = new AudioContext();
  const close = (): void => {
    near.close();
    far.close();
    void context.close();
  };
  near.onicecandidate = ({ candidate }) => void (candidate && far.addIceCandidate(candidate).catch(() => undefined));
  far.onicecandidate = ({ candidate }) => void (candidate && near.addIceCandidate(candidate).catch(() => undefined));
  const back = context.createMediaStreamDestination();
  far.ontrack = ({ track }) => void repeat(context, new MediaStream([track]), back);
  const voice = new Promise<MediaStream>((heard) => (near.ontrack = ({ track }) => heard(new MediaStream([track]))));
  near.addTransceiver(microphone, { direction: "sendrecv" });
  try {
    await near.setLocalDescription();
    await far.setRemoteDescription(near.localDescription!);
    const place = far.getTransceivers()[0]!;
    place.direction = "sendrecv";
    await place.sender.replaceTrack(back.stream.getAudioTracks()[0]!);
    await far.setLocalDescription();
    await near.setRemoteDescription(far.localDescription!);
    await connected(near);
    return { voice: await voice, ...(await pathOf(near)), close };
  } catch {
    close();
    return { voice: null, path: "", rttMs: null, close };
  }
}

/** What the far end hears, it says again DELAY_SECONDS later. Chromium feeds a remote track only once an element plays it. */
async function repeat(context: AudioContext, heard: MediaStream, back: AudioNode): Promise<void> {
  const silent = Object.assign(new Audio(), { srcObject: heard, muted: true });
  await silent.play().catch(() => undefined);
  await context.resume();
  context.createMediaStreamSource(heard).connect(new DelayNode(context, { delayTime: DELAY_SECONDS, maxDelayTime: DELAY_SECONDS })).connect(back);
}

function connected(line: RTCPeerConnection): Promise<void> {
  return new Promise((done, failed) => {
    const limit = setTimeout(() => failed(new Error("no path")), PATIENCE);
    line.onconnectionstatechange = () => {
      if (line.connectionState === "connected") done();
      else if (line.connectionState === "failed") failed(new Error("no path"));
      else return;
      clearTimeout(limit);
    };
  });
}

async function pathOf(line: RTCPeerConnection): Promise<Pick<Echo, "path" | "rttMs">> {
  const rows = [...((await line.getStats()) as unknown as Map<string, Record<string, unknown>>).values()];
  const pair = rows.find((row) => row["type"] === "candidate-pair" && row["state"] === "succeeded" && row["nominated"]);
  const local = rows.find((row) => row["id"] === pair?.["localCandidateId"]);
  const rtt = pair?.["currentRoundTripTime"];
  return { path: (local?.["candidateType"] as Echo["path"]) ?? "", rttMs: typeof rtt === "number" ? rtt * 1000 : null };
}
