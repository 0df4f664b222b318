// Notes when the person pressed and when the first remote frame was shown on the page, the same way for our page and for the bare one.
(() => {
  window.bench = { clickedAt: 0, frameAt: 0 };
  addEventListener("click", () => (window.bench.clickedAt ||= performance.now()), { capture: true });
  const remote = new WeakSet();
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener("track", ({ track }) => remote.add(track));
    }
  };
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
    get,
    set(stream) {
      set.call(this, stream);
      if (stream?.getVideoTracks().some((track) => remote.has(track))) this.requestVideoFrameCallback(() => (window.bench.frameAt ||= performance.now()));
    },
  });
})();
