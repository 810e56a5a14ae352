/** The sums of a paper remittance while it is typed. The server checks them again; this only says it sooner. */

const form = document.getElementById("paper");
const ADJUSTMENT = /^(CO|PR|OA|PI|CR)\s*-?\s*([A-Z]?\d{1,3})\s*[:=]?\s+\$?(-?\d{1,8}(?:\.\d{1,2})?)$/;
const OTHER = /^([A-Z0-9]{2})\s*[:=]?\s+\$?(-?\d{1,8}(?:\.\d{1,2})?)$/;

/** Whole cents, so that nothing is rounded; null where no amount stands. */
function cents(text) {
  const said = text.trim();
  return /^-?\d{1,8}(\.\d{1,2})?$/.test(said) ? Math.round(Number(said) * 100) : null;
}

/** Cents of a list such as "CO-45 12.00, PR-1 5.00"; null when a part of it cannot be read. */
function taken(text, shape) {
  let sum = 0;
  for (const part of text.toUpperCase().split(/[,;\n]/)) {
    if (!part.trim()) continue;
    const found = shape.exec(part.trim());
    if (!found) return null;
    sum += cents(found[found.length - 1]);
  }
  return sum;
}

const dollars = (amount) => `${amount < 0 ? "-" : ""}$${(Math.abs(amount) / 100).toFixed(2)}`;
const valueOf = (row, name) => row.querySelector(`[name$="-${name}"]`)?.value ?? "";

function say(output, sentence, fine) {
  output.textContent = sentence;
  output.classList.toggle("wait-ink", !fine);
}

/** Charge, paid and whether the line comes out, in cents; null while it is not written. */
function lineOf(row) {
  const output = row.querySelector("[data-line]");
  const charge = cents(valueOf(row, "charge"));
  const paid = cents(valueOf(row, "paid"));
  const off = taken(valueOf(row, "adjustments"), ADJUSTMENT);
  if (charge === null && paid === null) say(output, "", true);
  else if (off === null) say(output, "Taken off: CO-45 12.00, PR-1 5.00", false);
  else if (charge === null || paid === null) say(output, `leaves ${dollars((charge ?? 0) - off)}`, true);
  else if (charge - off === paid) say(output, "comes out", true);
  else say(output, `out by ${dollars(charge - off - paid)}`, false);
  if (charge === null && paid === null) return null;
  return { charge: charge ?? 0, paid: paid ?? 0, fine: off !== null && charge !== null && charge - off === paid };
}

function reckon() {
  let [paid, open] = [0, 0];
  for (const claim of form.querySelectorAll(".paper-claim")) {
    const lines = [...claim.querySelectorAll(".paper-line")].map(lineOf).filter(Boolean);
    const sum = lines.reduce((all, one) => ({ charge: all.charge + one.charge, paid: all.paid + one.paid }), { charge: 0, paid: 0 });
    claim.querySelector("[data-claim]").textContent = `charged ${dollars(sum.charge)}, paid ${dollars(sum.paid)}`;
    paid += sum.paid;
    open += lines.filter((one) => !one.fine).length;
  }
  const amount = cents(form.elements.amount.value);
  const others = taken(form.elements.others.value, OTHER);
  const output = document.getElementById("sum");
  if (amount === null || others === null) return say(output, `The claims come to ${dollars(paid)}.`, true);
  const out = amount - (paid - others);
  if (!out && open) return say(output, `The check comes out; ${open === 1 ? "a line does" : `${open} lines do`} not.`, false);
  return say(output, out ? `Out by ${dollars(out)}: the claims come to ${dollars(paid - others)}.` : "Comes out to the cent.", !out);
}

form.addEventListener("input", reckon);
reckon();
