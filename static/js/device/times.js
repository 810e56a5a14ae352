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

/** The day on the device's own calendar: "2026-11-17". */
export const deviceDay = (at = new Date()) => deviceTime(at).slice(0, 10);
