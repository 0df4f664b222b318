/** The person's own picture and sound: opened once, shown for framing, changed when a device is. */
import { openDevices, type Choice, type Devices } from "./devices.ts";
import { mountMeter } from "./meter.ts";

export class SelfView {
  devices: Devices = { audio: null, camera: null, trouble: null };
  private unmount: () => void = () => undefined;
  private readonly videos: HTMLVideoElement[];
  private readonly meter: HTMLMeterElement;
  private readonly changed: (devices: Devices) => void;

  constructor(videos: HTMLVideoElement[], meter: HTMLMeterElement, changed: (devices: Devices) => void) {
    this.videos = videos;
    this.meter = meter;
    this.changed = changed;
  }

  /** Open the devices of `choice`, letting the former ones go. */
  async open(choice: Choice = {}): Promise<void> {
    this.release();
    this.devices = await openDevices(choice);
    const { audio, camera } = this.devices;
    for (const video of this.videos) {
      video.srcObject = camera ? new MediaStream([camera]) : null;
      if (camera) void video.play().catch(() => undefined);
    }
    if (audio) this.unmount = mountMeter(this.meter, audio);
    for (const track of [audio, camera]) track?.addEventListener("ended", () => void this.open(), { once: true });
    this.changed(this.devices);
  }

  release(): void {
    this.unmount();
    this.unmount = () => undefined;
    this.devices.audio?.stop();
    this.devices.camera?.stop();
  }
}
