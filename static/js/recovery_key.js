/** Makes the practice's recovery key in this browser: the private half goes into a file of hers, only the public one is sent. */

const HOW = { name: "RSA-OAEP", modulusLength: 4096, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
const button = document.querySelector("#make-key");
const says = document.querySelector("#key-says");

const base64 = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
const pem = (text) => `-----BEGIN PRIVATE KEY-----\n${text.match(/.{1,64}/g).join("\n")}\n-----END PRIVATE KEY-----\n`;
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A file of the browser's downloads: it is not on our side of the network at any time. */
function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/x-pem-file" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function make() {
  const pair = await crypto.subtle.generateKey(HOW, true, ["wrapKey", "unwrapKey"]);
  const [spki, pkcs8] = [await crypto.subtle.exportKey("spki", pair.publicKey), await crypto.subtle.exportKey("pkcs8", pair.privateKey)];
  const name = `teledent-recovery-${hex(await crypto.subtle.digest("SHA-256", spki)).slice(0, 8)}.pem`;
  save(name, pem(base64(pkcs8)));
  document.querySelector("#recovery-form [name=spki]").value = base64(spki);
  document.querySelector("#key-file").textContent = name;
  document.querySelector("#key-made").hidden = false;
}

button.addEventListener("click", async () => {
  button.disabled = true;
  says.textContent = "Being made …";
  try {
    await make();
    says.textContent = "Made, and saved among the downloads of this browser. It counts once you say so below.";
  } catch {
    says.textContent = "This browser makes no keys here. Open Teledent by its https address, in a current browser.";
    button.disabled = false;
  }
});
