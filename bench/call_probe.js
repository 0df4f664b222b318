// Notes when the person pressed and when the first remote frame was shown, the same way for our page and for the bare one.
(() => {
  window.bench = { clickedAt: 0, frameAt: 0 };
  addEventListener("click", () => (window.bench.clickedAt ||= performance.now()), { capture: true });
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener("track", ({ track }) => {
        if (track.kind !== "video") return;
        const video = document.createElement("video");
        video.muted = true;
        video.srcObject = new MediaStream([track]);
        video.requestVideoFrameCallback(() => (window.bench.frameAt ||= performance.now()));
        void video.play();
      });
    }
  };
})();
