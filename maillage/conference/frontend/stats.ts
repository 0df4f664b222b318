/** From two of the browser's reports, what happened between them. Pure. */
import type { Sample } from "./protocol.ts";

export interface Counters {
  at: number;
  lostIn: number;
  receivedIn: number;
  /** Samples of sound made up by the browser, silence apart, and all samples. */
  concealedIn: number;
  samplesIn: number;
  bytesIn: number;
  bytesOut: number;
  energyIn: number;
  secondsIn: number;
  frames: number;
  lossOut: number | null;
  rtt: number | null;
  path: Sample["path"];
}

type Entry = { type: string; kind?: string; id: string } & Record<string, unknown>;
const number = (value: unknown): number => (typeof value === "number" ? value : 0);

/** Add up a report of one peer connection. */
export function countersOf(report: Iterable<[string, unknown]>, at: number): Counters {
  const entries = new Map([...report] as [string, Entry][]);
  const sum: Counters = { at, lostIn: 0, receivedIn: 0, concealedIn: 0, samplesIn: 0, bytesIn: 0, bytesOut: 0, energyIn: 0, secondsIn: 0, frames: 0, lossOut: null, rtt: null, path: "" };
  for (const entry of entries.values()) {
    if (entry.type === "inbound-rtp") {
      sum.bytesIn += number(entry.bytesReceived);
      if (entry.kind === "video") sum.frames = Math.max(sum.frames, number(entry.framesDecoded));
      if (entry.kind !== "audio") continue;
      sum.lostIn += number(entry.packetsLost);
      sum.receivedIn += number(entry.packetsReceived);
      sum.concealedIn += Math.max(0, number(entry.concealedSamples) - number(entry.silentConcealedSamples));
      sum.samplesIn += number(entry.totalSamplesReceived);
      sum.energyIn += number(entry.totalAudioEnergy);
      sum.secondsIn += number(entry.totalSamplesDuration);
    } else if (entry.type === "outbound-rtp") sum.bytesOut += number(entry.bytesSent);
    else if (entry.type === "remote-inbound-rtp" && entry.kind === "audio" && typeof entry.fractionLost === "number") sum.lossOut = entry.fractionLost;
    else if (entry.type === "transport") {
      const pair = entries.get(String(entry.selectedCandidatePairId ?? ""));
      if (pair && typeof pair.currentRoundTripTime === "number") sum.rtt = pair.currentRoundTripTime * 1000;
      const local = pair && entries.get(String(pair.localCandidateId ?? ""));
      if (local) sum.path = local.candidateType as Sample["path"];
    }
  }
  return sum;
}

const share = (part: number, whole: number): number | null => (whole > 0 ? Math.min(1, Math.max(0, part / whole)) : null);

/** Return what happened with `remote` between two counts. */
export function sampleBetween(remote: number, before: Counters, after: Counters): Sample {
  const seconds = Math.max(0.001, (after.at - before.at) / 1000);
  const lost = after.lostIn - before.lostIn;
  const energy = share(after.energyIn - before.energyIn, after.secondsIn - before.secondsIn);
  return {
    remote,
    rtt_ms: after.rtt,
    loss_in: share(lost, lost + after.receivedIn - before.receivedIn),
    concealed_in: share(after.concealedIn - before.concealedIn, after.samplesIn - before.samplesIn),
    loss_out: after.lossOut === null ? null : Math.min(1, Math.max(0, after.lossOut)),
    audio_level_in: energy === null ? null : Math.sqrt(energy),
    frames_per_second: Math.max(0, (after.frames - before.frames) / seconds),
    kbps_in: Math.max(0, ((after.bytesIn - before.bytesIn) * 8) / 1000 / seconds),
    kbps_out: Math.max(0, ((after.bytesOut - before.bytesOut) * 8) / 1000 / seconds),
    path: after.path ?? "",
  };
}
