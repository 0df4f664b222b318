// Notes when a person touched the screen and when the other's voice came out, across the page that opens in between.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  window.bench = { soundAt: 0, touchedAt: () => Number(sessionStorage.getItem("touched")) };
  addEventListener("click", () => sessionStorage.getItem("touched") || sessionStorage.setItem("touched", String(now())), { capture: true });
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener("track", ({ track }) => {
        if (track.kind !== "audio") return;
        const heard = new MediaStream([track]);
        const silent = Object.assign(new Audio(), { srcObject: heard, muted: true }); // a remote track flows once an element plays it
        void silent.play();
        const context = new AudioContext();
        const analyser = context.createAnalyser();
        const samples = new Float32Array(256);
        context.createMediaStreamSource(heard).connect(analyser);
        const timer = setInterval(() => {
          analyser.getFloatTimeDomainData(samples);
          if (!samples.some((sample) => Math.abs(sample) > 0.02)) return;
          window.bench.soundAt ||= now();
          clearInterval(timer);
        }, 5);
      });
    }
  };
})();
