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
})();
