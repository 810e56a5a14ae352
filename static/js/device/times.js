/** Times as the device says them: its own clock with its own offset. How far it is off is told beside them. */

const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");

/** ISO 8601 with the device's offset, in whole seconds: "2026-11-17T09:31:02-08:00". */
export function deviceTime(at = new Date()) {
  const ahead = -at.getTimezoneOffset(); // minutes
  const local = new Date(at.getTime() + ahead * 60_000).toISOString().slice(0, 19);
  return `${local}${ahead < 0 ? "-" : "+"}${two(ahead / 60)}:${two(ahead % 60)}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "2018-03-14" as people read it: "14 Mar 2018". */
export const inWords = (day) => {
  const [year, month, date] = day.split("-").map(Number);
  return `${date} ${MONTHS[month - 1]} ${year}`;
};

/** The day that it is at a site, wherever the device thinks it is: "2026-11-17". `zone` is the site's IANA time zone. */
export function dayIn(zone, at = new Date()) {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  const said = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${said.year}-${said.month}-${said.day}`;
}

/** Every day from the first to the last: ["2026-11-17", ...]. */
export function daysFrom(first, last) {
  const days = [];
  for (const at = new Date(`${first}T00:00:00Z`); at.toISOString().slice(0, 10) <= last; at.setUTCDate(at.getUTCDate() + 1))
    days.push(at.toISOString().slice(0, 10));
  return days;
}

/** The day on the device's own calendar: "2026-11-17". */
export const deviceDay = (at = new Date()) => deviceTime(at).slice(0, 10);
