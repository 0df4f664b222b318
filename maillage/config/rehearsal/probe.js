// Injected before the pages of a rehearsal: keeps the peer connections within reach, and turns off the sound
// processing that would take a steady tone for noise.
(() => {
  const connections = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...given) {
      super(...given);
      connections.push(this);
    }
  };

  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  const plain = { autoGainControl: false, echoCancellation: false, noiseSuppression: false };
  devices.getUserMedia = (wanted = {}) =>
    ask({ ...wanted, audio: wanted.audio ? { ...(wanted.audio === true ? {} : wanted.audio), ...plain } : false });

  const receivers = (kind) =>
    connections
      .filter((connection) => connection.connectionState === "connected")
      .flatMap((connection) => connection.getReceivers())
      .filter((receiver) => receiver.track?.kind === kind && receiver.track.readyState === "live");

  window.rehearsal = {
    connections: () => connections,
    /** Frames decoded so far, summed over the remote images. */
    async frames() {
      let total = 0;
      for (const receiver of receivers("video"))
        for (const report of (await receiver.getStats()).values())
          if (report.type === "inbound-rtp") total += report.framesDecoded ?? 0;
      return total;
    },
    /** Loudest frequency in hertz of what is received, over 400 ms; 0 when nothing is heard. */
    async pitch() {
      const [receiver] = receivers("audio");
      if (!receiver) return 0;
      const audio = new AudioContext();
      const analyser = new AnalyserNode(audio, { fftSize: 8192, smoothingTimeConstant: 0 });
      audio.createMediaStreamSource(new MediaStream([receiver.track])).connect(analyser);
      await new Promise((done) => setTimeout(done, 400));
      const levels = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(levels);
      const loudest = levels.indexOf(Math.max(...levels));
      const heard = levels[loudest] > -60 ? (loudest * audio.sampleRate) / analyser.fftSize : 0;
      await audio.close();
      return heard;
    },
  };
})();
