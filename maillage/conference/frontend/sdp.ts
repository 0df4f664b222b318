/** Small changes to session descriptions, as text. Pure. */

/** Ask for lost sound to be sent again (audio NACK), wherever Opus is offered without it. */
export function withAudioNack(sdp: string): string {
  return sdp.split(/^(?=m=)/m).map(mediumWithNack).join("");
}

function mediumWithNack(sdp: string): string {
  const opus = /^a=rtpmap:(\d+) opus\/48000/im.exec(sdp)?.[1];
  if (!opus || new RegExp(`^a=rtcp-fb:${opus} nack\\s*$`, "m").test(sdp)) return sdp;
  return sdp.replace(new RegExp(`^(a=rtpmap:${opus} opus/48000.*)$`, "im"), `$1\r\na=rtcp-fb:${opus} nack`.replace("\r\n", sdp.includes("\r\n") ? "\r\n" : "\n"));
}

/** Order codecs: H.264 constrained baseline first (cheapest to code, and what terminals speak), then VP8, then the rest. */
export function orderedCodecs<Codec extends { mimeType: string; sdpFmtpLine?: string | undefined }>(codecs: readonly Codec[]): Codec[] {
  const rank = ({ mimeType, sdpFmtpLine = "" }: Codec): number => {
    const kind = mimeType.toLowerCase();
    if (kind === "video/h264") return sdpFmtpLine.includes("42e01f") && sdpFmtpLine.includes("packetization-mode=1") ? 0 : 3;
    if (kind === "video/vp8") return 1;
    return kind === "video/rtx" ? 2 : 4;
  };
  return codecs.filter((codec) => rank(codec) < 3);
}
