// Follows the rehearsal's probe in the pages of a meeting: can stand in for a screen where there is none.
(() => {
  /** Give a drawing to whoever asks for a screen: a headless browser has none. */
  window.rehearsal.fakeScreen = () => {
    navigator.mediaDevices.getDisplayMedia = async () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
      const pen = canvas.getContext("2d");
      setInterval(() => pen.fillText(String(Date.now()), 40, 40 + (Date.now() % 600)), 100);
      return canvas.captureStream(10);
    };
  };

  /** Loudest frequency in hertz that the tile of `party` plays, over 400 ms; 0 when nothing is heard. */
  window.rehearsal.pitchOf = async (party) => {
    const stream = document.querySelector(`[data-party="${party}"] audio`)?.srcObject;
    if (!stream) return 0;
    const audio = new AudioContext();
    const analyser = new AnalyserNode(audio, { fftSize: 8192, smoothingTimeConstant: 0 });
    audio.createMediaStreamSource(stream).connect(analyser);
    await new Promise((done) => setTimeout(done, 400));
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    const loudest = levels.indexOf(Math.max(...levels));
    await audio.close();
    return levels[loudest] > -60 ? (loudest * audio.sampleRate) / analyser.fftSize : 0;
  };

  /** Pictures that the tile of `party` has shown so far, whatever line brought them. */
  window.rehearsal.framesOf = (party) => document.querySelector(`[data-party="${party}"] video[data-tile-camera]`)?.getVideoPlaybackQuality().totalVideoFrames ?? 0;

  /** Listen to the tile of `party` without a break; `silence()` returns the longest gap since, in milliseconds, and forgets it. */
  window.rehearsal.follow = (party) => {
    const audio = new AudioContext();
    const analyser = new AnalyserNode(audio, { fftSize: 1024 });
    const wave = new Float32Array(1024);
    let playing = null;
    let source = null;
    let loudAt = performance.now();
    let longest = 0;
    setInterval(() => {
      const stream = document.querySelector(`[data-party="${party}"] audio`)?.srcObject ?? null;
      if (stream !== playing) {
        source?.disconnect();
        source = stream && audio.createMediaStreamSource(stream);
        source?.connect(analyser);
        playing = stream;
      }
      analyser.getFloatTimeDomainData(wave);
      const now = performance.now();
      if (Math.max(...wave) < 0.01) return;
      longest = Math.max(longest, now - loudAt);
      loudAt = now;
    }, 20);
    window.rehearsal.silence = () => {
      const gap = Math.max(longest, performance.now() - loudAt);
      longest = 0;
      return gap;
    };
  };
})();
