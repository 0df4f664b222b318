// In a page of a meeting: notes when a side that was not there is first heard and first seen, on the machine's own clock.
window.watchCaller = (known) => {
  const times = (window.callerTimes = {});
  const audio = new AudioContext();
  const wave = new Float32Array(1024);
  let playing = null;
  let analyser = null;
  const timer = setInterval(() => {
    const tile = [...document.querySelectorAll("[data-party]:has(audio)")].find((one) => !known.includes(Number(one.dataset.party)));
    if (!tile) return;
    if (tile.querySelector("video[data-tile-camera]")?.getVideoPlaybackQuality().totalVideoFrames > 0) times.image ??= Date.now();
    const stream = tile.querySelector("audio").srcObject;
    if (stream && stream !== playing) {
      playing = stream;
      analyser = new AnalyserNode(audio, { fftSize: 1024 });
      audio.createMediaStreamSource(stream).connect(analyser);
    }
    analyser?.getFloatTimeDomainData(wave);
    if (Math.max(...wave) > 0.02) times.sound ??= Date.now();
    if (!times.image || !times.sound) return;
    clearInterval(timer);
    void audio.close();
  }, 10);
};
