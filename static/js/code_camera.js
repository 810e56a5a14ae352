/** A camera that reads square codes, where the browser can: it opens, reads until something is found, and is closed in every
    case. What it sees is neither kept nor sent. */

const PAUSE = 150; // ms between two looks: a hand is slower, and the device stays cool
const KIND = "qr_code";
const REAR = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
const TYPE = "Type the tag.";
const REFUSED = {
  NotAllowedError: `This page may not use the camera. Allow it beside the address, then try again. Or type the tag.`,
  NotFoundError: `There is no camera here. ${TYPE}`,
  NotReadableError: `Another program uses the camera. Close it, then try again. Or type the tag.`,
};
const BROKEN = `The camera gives no picture that can be read. ${TYPE}`;

/** Whether this browser reads square codes, and there is a camera. */
export async function canRead() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  const [kinds, devices] = await Promise.all([BarcodeDetector.getSupportedFormats(), navigator.mediaDevices.enumerateDevices()]).catch(() => [[], []]);
  return kinds.includes(KIND) && devices.some(({ kind }) => kind === "videoinput");
}

const stop = (stream) => stream?.getTracks().forEach((track) => track.stop());

export class CodeCamera {
  #dialog;
  #video;
  #found;
  #stream = null;
  #turn = 0; // of opening: whatever an older one still waits for is none of this one

  /** In `dialog`; `found(text)` answers "" when that was it, else why not: then it goes on reading. */
  constructor(dialog, found) {
    this.#dialog = dialog;
    this.#video = dialog.querySelector("video");
    this.#found = found;
    dialog.addEventListener("close", () => this.#stop());
    dialog.querySelector("[data-close]").addEventListener("click", () => this.close());
    document.addEventListener("visibilitychange", () => document.hidden && this.close());
    addEventListener("pagehide", () => this.close());
  }

  async open() {
    this.#stop();
    const turn = this.#turn;
    this.#says("Asking for the camera …");
    this.#dialog.showModal();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: REAR, audio: false });
      if (turn !== this.#turn) return stop(stream);
      await this.#read(stream, turn);
    } catch (error) {
      if (turn === this.#turn) this.#gives(REFUSED[error.name] ?? BROKEN);
    }
    return undefined;
  }

  close() {
    this.#stop();
    this.#dialog.close();
  }

  async #read(stream, turn) {
    this.#stream = stream;
    for (const track of stream.getTracks()) track.addEventListener("ended", () => turn === this.#turn && this.#gives(BROKEN));
    this.#video.srcObject = stream;
    await this.#video.play();
    this.#says("Hold the code before the camera.");
    const detector = new BarcodeDetector({ formats: [KIND] });
    while (turn === this.#turn) {
      const codes = await detector.detect(this.#video);
      if (turn !== this.#turn) return;
      for (const { rawValue } of codes) {
        const why = this.#found(rawValue);
        if (!why) return this.close();
        this.#says(why);
      }
      await new Promise((go) => setTimeout(go, PAUSE));
    }
  }

  /** It is over without a code: the camera is closed, the sentence stays. */
  #gives(sentence) {
    this.#stop();
    this.#says(sentence);
  }

  #stop() {
    this.#turn += 1;
    stop(this.#stream);
    this.#stream = this.#video.srcObject = null;
  }

  #says(words) {
    const line = this.#dialog.querySelector("[role=status]");
    if (line.textContent !== words) line.textContent = words; // said once, however long it is held there
  }
}
