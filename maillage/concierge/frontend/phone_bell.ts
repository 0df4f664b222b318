/** Two short rings. A browser that refuses sound before a gesture stays silent: the words and the title tell it too. */
export function ringPhone(): void {
  const context = new AudioContext();
  [0, 0.4].forEach((at) => {
    const gain = new GainNode(context, { gain: 0.12 });
    const note = new OscillatorNode(context, { frequency: 440 });
    note.connect(gain).connect(context.destination);
    note.start(context.currentTime + at);
    note.stop(context.currentTime + at + 0.25);
  });
  setTimeout(() => void context.close(), 1500);
}
