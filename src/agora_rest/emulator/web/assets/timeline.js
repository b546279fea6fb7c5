// Recordings on a scale of the emulator's time: a bar each, made of the statuses it went through.

import { byId, element, reconcile, setEmpty, setStyle, setText } from "./dom.js";
import { ask, attempt } from "./control.js";
import { createDrawing } from "./layout.js";
import { mark, marks, seconds, span, timeOfDay } from "./time.js";

export const STATUS = {
  0: "not started", 1: "initialised", 2: "recorder starting", 3: "uploader ready", 4: "recorder ready", 5: "recording",
  6: "stopped", 7: "all stopped", 8: "about to exit", 20: "abnormal exit",
};

const SHORTEST = 30; // seconds that the scale shows at least
const PIXELS_PER_MARK = 90;
const WIDTH_OF_LABEL = 64;

/** The kind of a status, which is what its colour stands for. */
function kind(status) {
  if (status === 5) return "recording";
  if (status === 20) return "abnormal";
  return status < 5 ? "starting" : "ending";
}

/** Show the recordings of a view. */
export function showRecordings(view, now) {
  const newestFirst = [...view.recordings].sort((a, b) => b.started.localeCompare(a.started));
  setEmpty("no-recordings", newestFirst.length === 0);
  byId("chart").hidden = newestFirst.length === 0;
  reconcile(byId("recordings"), newestFirst, (found) => found.sid, createRow);
  const { recordings, running, remembered } = view.totals;
  const hidden = remembered - newestFirst.length;
  const forgotten = recordings - remembered;
  setText(byId("recordings-count"), [
    recordings ? `${running} under way, ${recordings} in all` : "",
    hidden ? `${hidden} more are not shown` : "",
    forgotten ? `${forgotten} forgotten by now` : "",
  ].filter(Boolean).join(" · "));
  byId("waiting").hidden = view.resources.length === 0;
  reconcile(byId("resources"), view.resources, (found) => found.resource_id, createWaiting);
  tickRecordings(now);
}

/** Let the bars grow: another moment has come. */
export function tickRecordings(now) {
  const rows = [...byId("recordings").children];
  for (const chip of byId("resources").children) chip.tick(now);
  if (rows.length === 0) return;
  const wanted = Number(byId("span").value);
  const first = Math.min(...rows.map((row) => seconds(row.found.started)));
  const from = wanted ? now - wanted : Math.min(first, now - SHORTEST);
  const to = now + (now - from) * 0.03; // a little room beside the present
  const scale = { from, now, percent: (at) => (100 * (Math.max(at, from) - from)) / (to - from) };
  showGrid(scale, to);
  for (const row of rows) row.tick(scale);
}

function showGrid(scale, to) {
  const grid = byId("grid");
  const { step, found } = marks(scale.from, to, grid.clientWidth / PIXELS_PER_MARK);
  const room = 100 - (100 * WIDTH_OF_LABEL) / grid.clientWidth; // behind it a label would be cut off
  const ticks = found.map((at) => ({ key: at, text: mark(at, step), left: scale.percent(at) }))
    .map((tick) => (tick.left > room ? { ...tick, text: "" } : tick));
  ticks.push({ key: "present", text: "", left: scale.percent(scale.now) });
  reconcile(grid, ticks, (tick) => tick.key, createTick);
}

function createTick({ key }) {
  const label = element("span");
  const line = element("div", key === "present" ? "tick present" : "tick", label);
  line.show = ({ text, left }) => {
    setText(label, text);
    setStyle(line, "left", `${left}%`);
  };
  return line;
}

function createRow() {
  const name = element("span", "name");
  const pill = element("span", "pill");
  const detail = element("small");
  const track = element("div", "track");
  const bars = element("div");
  const idle = element("div", "idle");
  track.setAttribute("aria-hidden", "true");
  track.append(bars, idle);
  const about = element("dl");
  const mode = element("span", "mode");
  const drawing = createDrawing();
  const move = createMove();
  const more = element("div", "more", drawing, move);
  const what = element("div", "what", element("div", "first", name, mode, pill), detail);
  const row = element("li", "", element("details", "", element("summary", "", what, track), about, more));
  row.show = (found) => {
    row.found = found;
    row.dataset.sid = found.sid;
    setText(name, found.channel);
    name.title = found.channel;
    setText(pill, `${found.status} ${STATUS[found.status]}`);
    pill.className = `pill ${kind(found.status)}`;
    setText(mode, found.mode ?? "");
    mode.hidden = !found.mode;
    drawing.toggleAttribute("hidden", !(found.layout && found.running));
    if (found.layout) drawing.show(found.layout, found.recorded);
    move.show(found);
    more.hidden = !(found.mode && found.running);
    reconcile(bars, found.course.map((step, index) => ({ ...step, index })), (step) => step.index, createStep);
    reconcile(about, facts(found), ([term]) => term, createFact);
  };
  row.tick = (scale) => {
    const ends = [...row.found.course.slice(1).map((step) => seconds(step.since)), scale.now];
    row.found.course.forEach((step, index) => {
      const bar = bars.children[index];
      if (bar) place(bar, scale, seconds(step.since), ends[index]);
    });
    idle.hidden = row.found.idle_since === null;
    if (!idle.hidden) place(idle, scale, seconds(row.found.idle_since), row.found.ended ? seconds(row.found.ended) : scale.now);
    const [text, urgent] = describe(row.found, scale.now);
    setText(detail, text);
    detail.className = urgent ? "urgent" : "";
  };
  return row;
}

/** What there is to know of a recording, for people who open it: terms and what stands for them. */
function facts(found) {
  return [
    ["sid", found.sid], ["Resource ID", found.resource_id], ["App ID", found.app_id], [found.page ? "Label" : "Channel", found.channel],
    ["Recorder", `uid ${found.uid}`],
    found.page ? ["Longest", `${found.page.max_hours} h, then it ends`] : ["Idle time", `${found.max_idle_time} s without users end it`],
    ["Files", found.files.join("\n") || "none yet"],
    ...(found.mode ? present(found) : []),
    ["Course", found.course.map(({ status, since }) => `${timeOfDay(since)} ${status} ${STATUS[status]}`).join(" · ")],
  ].flatMap(([term, text]) => [[`${term}:term`, "dt", term], [term, "dd", text]]);
}

/** Whom a recording subscribes to, in one medium. */
function subscribed(users) {
  if (typeof users === "string") return users;
  return users.only ? users.only.join(", ") : `everybody but ${users.all_but.join(", ")}`;
}

/** What there is to know besides of a recording of the current dialect, by its mode. */
function present(found) {
  const { subscription, recorded, snapshots, page, push, storage } = found;
  const media = ({ uid, audio, video }) => `${uid} (${[audio && "audio", video && "video"].filter(Boolean).join(", ")})`;
  return [
    subscription && ["Subscribed", `audio: ${subscribed(subscription.audio)} · video: ${subscribed(subscription.video)}`],
    recorded && ["Recorded", recorded.map(media).join(", ") || "nobody at present"],
    snapshots?.length && ["Snapshots", snapshots.map(({ uid, taken }) => `${taken} of ${uid}`).join(", ")],
    page && ["Page", `${page.url} · ${page.state}${page.on_hold ? ", paused" : ""}`],
    push && ["Push", `${push.url} · ${push.status}`],
    ["Storage", `vendor ${storage.vendor}, region ${storage.region}, bucket ${storage.bucket}`],
    found.failovers.length && ["Moved", found.failovers.map(({ since, until }) => `${timeOfDay(since)} to ${timeOfDay(until)}`).join(", ")],
  ].filter(Boolean);
}

/** The button that moves a recording to another server. */
function createMove() {
  const button = element("button", "small", "Move to another server");
  button.type = "button";
  button.title = "For a minute, calls do not find the recording; afterwards it goes on with new files.";
  button.show = (found) => {
    button.disabled = !found.running || found.failing_over;
    button.onclick = () => attempt(
      () => ask("POST", `recordings/${found.sid}/failover`, {}), `The recording of ${found.channel} is moved.`);
  };
  return button;
}

function createFact([, name]) {
  const node = element(name);
  node.show = ([, , text]) => setText(node, text);
  return node;
}

function createStep() {
  const label = element("span"); // hidden where it has no room
  const bar = element("div", "", label);
  bar.show = ({ status, since }) => {
    bar.className = `step ${kind(status)}`;
    setText(label, status === 5 ? STATUS[5] : status);
    bar.title = `${status} ${STATUS[status]} since ${timeOfDay(since)}`;
  };
  return bar;
}

function place(bar, scale, from, to) {
  const left = scale.percent(from);
  bar.hidden = to < scale.from;
  setStyle(bar, "left", `${left}%`);
  setStyle(bar, "width", `${Math.max(0, scale.percent(to) - left)}%`);
}

/** What there is to say of a recording beside its status, and whether it is about to end. */
function describe(found, now) {
  const who = `uid ${found.uid}`;
  if (found.ended !== null) {
    const why = {
      stopped: "stopped", idle: "ended idle", "put offline": "put offline", "page failed": "its page failed",
      "max hours": "reached its longest time",
    };
    return [`${why[found.ending]} ${span(now - seconds(found.ended))} ago · ${who}`, false];
  }
  if (found.failing_over) return [`on the way to another server · ${who}`, true];
  if (found.page?.on_hold) return [`paused · ${found.page.url}`, true];
  if (found.idle_since !== null) {
    const left = seconds(found.idle_since) + found.max_idle_time - now;
    return [`channel empty, ends in ${span(left)} · ${who}`, true];
  }
  return [`for ${span(now - seconds(found.started))} · ${who}`, false];
}

function createWaiting() {
  const name = element("span");
  const left = element("small");
  const chip = element("li", "chip plain", name, left);
  chip.show = (found) => {
    chip.found = found;
    setText(name, `${found.channel}, recorder ${found.uid}${found.scene === 1 ? ", for a web page" : ""}`);
  };
  chip.tick = (now) => setText(left, `expires in ${span(seconds(chip.found.expires) - now)}`);
  return chip;
}
