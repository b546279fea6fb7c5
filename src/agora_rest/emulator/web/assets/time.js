// Moments and spans of the emulator's clock, for people.

/** A moment as seconds since 1970. */
export const seconds = (iso) => Date.parse(iso) / 1000;

/** 12:04:37 */
export const timeOfDay = (iso) => iso.slice(11, 19);

/** Thu 1 Jan 2026 */
export function day(iso) {
  const options = { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat("en-GB", options).format(Date.parse(iso)).replace(",", "");
}

/** 0:23, 4:05, 1:02:03, 3 days */
export function span(length) {
  const whole = Math.max(0, Math.floor(length));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200];

/** The moments between two others that a scale is marked at: round ones, at most `most` of them. */
export function marks(from, to, most) {
  const wanted = (to - from) / Math.max(1, most);
  const step = STEPS.find((each) => each >= wanted) ?? Math.ceil(wanted / 86400) * 86400;
  const found = [];
  for (let at = Math.ceil(from / step) * step; at < to; at += step) found.push(at);
  return { step, found };
}

/** A mark of a scale with this step. */
export function mark(at, step) {
  const iso = new Date(at * 1000).toISOString();
  if (step >= 86400) return iso.slice(5, 10);
  return step >= 60 ? iso.slice(11, 16) : iso.slice(11, 19);
}
