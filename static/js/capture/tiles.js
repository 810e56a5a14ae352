/** The tile of a file that is being sent: picture, bar and words. Replaced by the server's own tile when it is in. */

const MEGABYTE = 1024 * 1024;
const megabytes = (bytes) => (bytes / MEGABYTE).toFixed(1);

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** A small picture of what was chosen, where the browser can read it; the policy of the page allows no blob addresses. */
async function preview(blob, canvas) {
  try {
    const bitmap = await createImageBitmap(blob, { resizeWidth: 480 });
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    bitmap.close();
  } catch {
    canvas.remove(); // HEIC, DICOM, PDF: the server draws it
  }
}

export class Tile {
  constructor(item, { onRetry, onDrop }) {
    this.item = item;
    this.root = element("li", "shot sending");
    this.root.id = `file-${item.id}`;
    const frame = element("div", "frame");
    const canvas = element("canvas");
    canvas.setAttribute("aria-hidden", "true");
    const up = element("div", "up");
    this.words = element("span", "num", "Waiting to be sent");
    this.bar = element("progress");
    this.bar.max = item.blob.size;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `Sending ${item.viewLabel || item.name}`);
    up.append(this.words, this.bar);
    frame.append(canvas, up);
    const cap = element("div", "cap");
    this.state = element("span", "num", "0 %");
    cap.append(element("b", "", item.viewLabel || item.name), this.state);
    this.root.append(frame, cap);
    this.onRetry = onRetry;
    this.onDrop = onDrop;
    preview(item.blob, canvas);
  }

  progress(bytes) {
    this.bar.value = bytes;
    this.words.textContent = `Sending ${megabytes(bytes)} of ${megabytes(this.item.blob.size)} MB`;
    this.state.textContent = `${Math.floor((100 * bytes) / this.item.blob.size)} %`;
  }

  interrupted(sentence) {
    this.words.textContent = sentence;
  }

  /** The server said no: its sentence, and the ways on. */
  refused(sentence) {
    this.root.className = "shot refused";
    const over = element("div", "over plain bad");
    over.append(element("b", "", "Not sent"), element("span", "", sentence));
    this.root.querySelector(".frame").replaceChildren(over);
    this.state.textContent = "not in";
    const row = element("div", "row");
    for (const [label, act] of [["Try again", this.onRetry], ["Leave it out", this.onDrop]]) {
      const button = element("button", "btn", label);
      button.type = "button";
      button.addEventListener("click", act);
      row.append(button);
    }
    this.root.append(row);
  }
}
