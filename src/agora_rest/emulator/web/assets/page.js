// The live page: follows the emulator's events and hands them to what shows them.

import { announce, announceClock } from "./announcer.js";
import { byId, setText } from "./dom.js";
import { prepare, showFrozen, showSettings } from "./forms.js";
import { showChannels, showFaults, showPages, showProjects, showQuotas, showRules, tickRules } from "./lists.js";
import { addRequests, showLog } from "./log.js";
import { day, timeOfDay } from "./time.js";
import { showRecordings, tickRecordings } from "./timeline.js";

let now = 0; // the emulator's time, seconds since 1970
let source = null;

function showClock(clock) {
  now = clock.unix;
  setText(byId("now"), timeOfDay(clock.now));
  byId("now").dateTime = clock.now;
  setText(byId("day"), day(clock.now));
  showFrozen(clock);
  announceClock(clock);
  tickRecordings(now);
  tickRules(now);
}

function showView(view) {
  showRecordings(view, now);
  showChannels(view);
  showRules(view, now);
  showPages(view);
  showFaults(view);
  showProjects(view);
  showQuotas(view);
  showSettings(view);
  announce(view);
}

function showLink(state, text) {
  byId("link").className = `link ${state}`;
  setText(byId("link"), text);
}

function follow() {
  source = new EventSource("/_emulator/events");
  const on = (name, show) => source.addEventListener(name, ({ data }) => show(JSON.parse(data)));
  on("clock", showClock);
  on("view", showView);
  on("requests", addRequests);
  source.onopen = () => showLink("live", "live");
  source.onerror = () => {
    showLink("lost", "no connection, trying again");
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 2000); // refused: the browser does not try again
  };
}

/** Disconnect a page in the background, so that the emulator takes no snapshots for it. */
function followWhileSeen() {
  if (document.hidden) {
    source?.close();
    source = null;
    showLink("", "resting");
  } else if (source === null) {
    follow();
  }
}

prepare();
byId("span").addEventListener("change", () => tickRecordings(now));
byId("log-filter").addEventListener("change", showLog);
document.addEventListener("visibilitychange", followWhileSeen);
followWhileSeen();
