// Announces changes to screen readers, except for running counters.

import { byId } from "./dom.js";
import { STATUS } from "./timeline.js";

const MOST = 4; // changes announced one by one

let before = null;
let stood = null;

/** Tell what is different in this view. */
export function announce(view) {
  const changes = before ? [...recordings(view), ...users(view), ...faults(view)] : [];
  before = view;
  if (changes.length === 0) return;
  const text = changes.length > MOST ? `${changes.length} changes.` : changes.join(" ");
  byId("announcer").textContent = text;
}

/** Announce when the clock was stopped or restarted, by any client. */
export function announceClock({ frozen }) {
  if (stood !== null && stood !== frozen) byId("announcer").textContent = frozen ? "The clock stands still." : "The clock runs.";
  stood = frozen;
}

function recordings(view) {
  const known = new Map(before.recordings.map((found) => [found.sid, found]));
  return view.recordings.flatMap((found) => {
    const old = known.get(found.sid);
    if (!old) return [`A recording of ${found.channel} began.`];
    if (old.running && !found.running) return [`The recording of ${found.channel} ended: ${found.ending}.`];
    return old.status === found.status ? [] : [`${found.channel}: ${STATUS[found.status]}.`];
  });
}

function users(view) {
  const names = (each) => new Map(each.channels.map((found) => [`${found.app_id} ${found.channel}`, found]));
  const [old, now] = [names(before), names(view)];
  const here = [...now].flatMap(([key, found]) => {
    const count = old.get(key)?.user_count ?? 0;
    return count === found.user_count ? [] : [`${found.channel}: ${found.user_count} users.`];
  });
  const gone = [...old].filter(([key]) => !now.has(key)).map(([, found]) => `${found.channel}: no users.`);
  return [...here, ...gone];
}

function faults(view) {
  return view.faults.length === before.faults.length ? [] : [`${view.faults.length} faults in force.`];
}
