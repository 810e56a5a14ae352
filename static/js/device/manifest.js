import { deviceTime } from "./times.js";

/** Everything that was gathered of a case, as it is forwarded: docs/device-api.md says every key. */

const GATHERED = [
  "event", "site", "kind", "opened", "patient", "day_seen", "patient_place", "patient_state", "urgency", "answers", "marks", "services",
];

/** What she gathered, of the content of a case: without what became of it. */
export const gatheredOf = (content) => Object.fromEntries(GATHERED.map((key) => [key, content[key]]));

const fileLine = ({ id, sha256, size, name, view, tooth = "", mirrored = false, device = "", captured_at = null, source }) => ({
  id, sha256, size, name, view, tooth, mirrored, device, captured_at, source,
});

/** The manifest of a case's content and its files. `after` is the revision forwarded last, 0 before the first. */
export function manifestOf(id, content, files, { after = 0, at = new Date() } = {}) {
  return {
    version: 1, case: id, revision: after + 1, ...gatheredOf(content), files: files.map(fileLine), finished: content.finished, made_at: deviceTime(at),
  };
}

/** The same manifest once more, after a revision that the server has from another device. */
export const anew = (manifest, after, at = new Date()) => ({ ...manifest, revision: after + 1, made_at: deviceTime(at) });

const URGENCIES = ["emergency", "urgent", "early", "routine", ""];

/** May be read while its files are on their way (CA-7). */
export const isUrgent = ({ urgency }) => urgency === "emergency" || urgency === "urgent";

/** The more urgent manifest first. */
export const byUrgency = (a, b) => URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency);

/**
 * What of a manifest's files the server has not yet proved: neither verified with our hash nor struck off by a person. One that
 * it does not want because the case ended is here only, and counts.
 */
export function unproved(manifest, { verified, unwanted }) {
  const hashes = new Map(verified.map(({ id, sha256 }) => [id, sha256]));
  const struck = new Set(unwanted.filter(({ because }) => because === "struck").map(({ id }) => id));
  return manifest.files.filter(({ id, sha256 }) => hashes.get(id) !== sha256 && !struck.has(id));
}

/** Why the server takes no more files of a case, empty while it does. */
export const endedBecause = ({ unwanted }) => unwanted.find(({ because }) => because === "ended")?.sentence ?? "";
