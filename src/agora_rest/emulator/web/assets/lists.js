// Everything else that is there: channels, rules, faults, projects, quota.

import { ask, attempt, usersOf } from "./control.js";
import { byId, element, reconcile, setEmpty, setStyle, setText } from "./dom.js";
import { seconds, span } from "./time.js";

const ROLE = ["unknown", "user", "host", "audience"];
const MODE = { 1: "communication", 2: "live" };

const counted = (count, shown) => (count > shown ? `${shown} of ${count}` : count ? String(count) : "");

/** Channels, and who is in them. */
export function showChannels(view) {
  setEmpty("no-channels", view.channels.length === 0);
  setText(byId("channels-count"), counted(view.totals.channels, view.channels.length));
  reconcile(byId("channels"), view.channels, (found) => `${found.app_id} ${found.channel}`, createChannel);
  reconcile(byId("channel-names"), namesOf(view), String, () => {
    const option = element("option");
    option.show = (name) => { option.value = name; };
    return option;
  });
}

/** The names of channels with users or recorders. */
function namesOf(view) {
  const running = view.recordings.filter((found) => found.running);
  return [...new Set([...view.channels, ...running].map((found) => found.channel))];
}

function createChannel() {
  const name = element("span", "name");
  const about = element("small");
  const users = element("ul", "chips");
  const channel = element("li", "", element("div", "what", name, about), users);
  channel.show = (found) => {
    setText(name, found.channel);
    name.title = found.channel;
    const more = found.user_count - found.users.length;
    setText(about, `${MODE[found.mode]} · ${found.user_count} ${found.user_count === 1 ? "user" : "users"}`);
    users.setAttribute("aria-label", `Users of ${found.channel}`);
    const shown = found.users.map((user) => ({ ...user, channel: found.channel, app_id: found.app_id, mode: found.mode }));
    reconcile(users, more ? [...shown, { more }] : shown, (user) => user.uid ?? "more", createUser);
  };
  return channel;
}

function createUser(first) {
  if (first.more) {
    const rest = element("li", "chip plain");
    rest.show = ({ more }) => setText(rest, `and ${more} more`);
    return rest;
  }
  const uid = element("span");
  const about = element("small");
  const out = element("button", "", "×");
  out.type = "button";
  const media = ["audio", "video"].map(createMedium);
  const chip = element("li", "chip", uid, about, ...media, out);
  chip.show = (user) => {
    setText(uid, user.uid);
    setText(about, [user.mode === 2 || user.role === 0 ? ROLE[user.role] : "", user.ip].filter(Boolean).join(" · "));
    about.hidden = about.textContent === "";
    for (const medium of media) medium.show(user);
    out.setAttribute("aria-label", `Remove user ${user.uid} from ${user.channel}`);
    out.title = "Remove";
    out.onclick = () => attempt(
      () => ask("DELETE", `${usersOf(user.app_id, user.channel)}/${user.uid}`), `User ${user.uid} left ${user.channel}.`);
  };
  return chip;
}

const DEVICE = { audio: "mic", video: "cam" };

/** The button that says whether a user publishes audio or video, and switches it. */
function createMedium(medium) {
  const button = element("button", "medium current", DEVICE[medium]);
  button.type = "button";
  button.show = (user) => {
    const [publishes, muted] = [user.publishes.includes(medium), user.muted.includes(medium)];
    button.setAttribute("aria-pressed", publishes && !muted);
    button.setAttribute("aria-label", `${medium} of user ${user.uid}${muted ? ", muted by a kicking rule" : ""}`);
    button.classList.toggle("muted", muted);
    button.title = muted ? `${medium} is muted by a kicking rule` : publishes ? `publishes ${medium}` : `publishes no ${medium}`;
    button.hidden = user.role === 3;
    button.onclick = () => attempt(
      () => ask("PATCH", `${usersOf(user.app_id, user.channel)}/${user.uid}`, { [medium]: !publishes }),
      `User ${user.uid} ${publishes ? "stops to publish" : "publishes"} ${medium}.`);
  };
  return button;
}

/** Web pages that do not open as usual. */
export function showPages(view) {
  reconcile(byId("pages"), view.pages, (page) => page.url, () => {
    const fate = element("span");
    const url = element("code");
    const item = element("li", "", element("div", "first", fate), url);
    item.show = (page) => {
      setText(fate, FATE[page.fate]);
      fate.className = page.fate === "loads" ? "pill good" : "pill bad";
      setText(url, page.url);
    };
    return item;
  });
}

const FATE = { loads: "loads", fails: "fails", times_out: "times out" };

const MUTED = { publish_audio: "audio", publish_video: "video" };

/** What a rule takes away, if it is not just joining. */
function taken({ privileges }) {
  const media = privileges.map((each) => MUTED[each]).filter(Boolean).join(" and ");
  if (!media) return "";
  return privileges.includes("join_channel") ? `kept out, and no ${media}` : `no ${media}`;
}

/** Kicking rules, counting down. */
export function showRules(view, now) {
  setEmpty("no-rules", view.kicking_rules.length === 0);
  setText(byId("rules-count"), counted(view.totals.kicking_rules, view.kicking_rules.length));
  reconcile(byId("rules"), view.kicking_rules, (rule) => rule.id, createRule);
  tickRules(now);
}

/** Another moment has come. */
export function tickRules(now) {
  for (const rule of byId("rules").children) rule.tick(now);
}

function createRule() {
  const target = element("span");
  const left = element("span", "pill warn");
  const fill = element("span");
  const meter = element("div", "meter", fill);
  meter.setAttribute("aria-hidden", "true");
  const rule = element("li", "", element("div", "first", target, left), meter);
  rule.show = (found) => {
    rule.found = found;
    const parts = [
      found.uid === null ? (found.ip === null ? "everybody" : "") : `user ${found.uid}`,
      found.ip === null ? "" : `at ${found.ip}`,
      found.channel === null ? "in every channel" : `in ${found.channel}`,
    ];
    const what = taken(found);
    setText(target, parts.filter(Boolean).join(" ") + (what && `: ${what}`));
    rule.title = `rule ${found.id} of ${found.app_id}`;
  };
  rule.tick = (now) => {
    const [since, until] = [seconds(rule.found.since), seconds(rule.found.until)];
    setText(left, `${span(until - now)} left`);
    setStyle(fill, "width", `${Math.max(0, Math.min(100, (100 * (until - now)) / (until - since)))}%`);
  };
  return rule;
}

/** Faults that are in force. */
export function showFaults(view) {
  setText(byId("faults-count"), view.faults.length ? `${view.faults.length} in force` : "");
  byId("clear-faults").hidden = view.faults.length === 0;
  reconcile(byId("faults"), view.faults, (fault) => fault.id, createFault);
}

function createFault(first) {
  const kind = element("strong");
  const struck = element("span", "pill");
  const about = element("small");
  const clear = element("button", "small end", "Clear");
  clear.type = "button";
  const item = element("li", "", element("div", "first", kind, struck, clear), about);
  clear.onclick = () => attempt(() => ask("DELETE", `faults/${first.id}`), "The fault is gone.");
  item.show = (fault) => {
    setText(kind, { status: `responds ${fault.status}`, delay: `waits ${fault.seconds} s` }[fault.kind] ?? fault.kind.replace("_", " "));
    setText(struck, `struck ${fault.struck}×`);
    struck.className = fault.struck ? "pill bad" : "pill";
    clear.setAttribute("aria-label", `Clear the fault ${fault.kind} of ${fault.operation ?? "every call"}`);
    setText(about, [
      fault.operation ?? "every call",
      fault.times === null ? "" : `${fault.times - fault.struck} times more`,
      fault.probability === 1 ? "" : `${Math.round(fault.probability * 1000) / 10} % of the calls`,
      fault.after_effect ? "after it was carried out" : "",
    ].filter(Boolean).join(" · "));
  };
  return item;
}

/** Projects, here and where a user is added. */
export function showProjects(view) {
  setText(byId("projects-count"), counted(view.totals.projects, view.projects.length));
  reconcile(byId("projects"), view.projects, (project) => project.id, createProject);
  reconcile(byId("join-project"), view.projects, (project) => project.id, () => {
    const option = element("option");
    option.show = (project) => { option.value = project.app_id; setText(option, project.name); };
    return option;
  });
}

function createProject() {
  const name = element("strong");
  const state = element("span", "pill");
  const certificate = element("span", "pill");
  const appId = element("code");
  const item = element("li", "", element("div", "first", name, state, certificate), appId);
  item.show = (project) => {
    setText(name, project.name);
    setText(state, project.enabled ? "enabled" : "disabled");
    state.className = project.enabled ? "pill good" : "pill bad";
    setText(certificate, project.certificate_enabled ? "certificate" : "no certificate");
    setText(appId, project.app_id);
    item.title = `project ID ${project.id}`;
  };
  return item;
}

/** How much of each limit is used. */
export function showQuotas(view) {
  reconcile(byId("quotas"), view.quotas, (quota) => quota.group, (quota) => {
    const fill = element("span");
    const meter = element("div", "meter", fill);
    const used = element("small");
    const item = element("li", "", element("span", "", quota.group), meter, used);
    meter.setAttribute("role", "meter");
    meter.setAttribute("aria-label", `${quota.group}, calls in ${quota.seconds} s`);
    meter.setAttribute("aria-valuemin", "0");
    item.show = ({ used: count, calls }) => {
      meter.setAttribute("aria-valuemax", calls);
      meter.setAttribute("aria-valuenow", count);
      meter.className = count >= calls ? "meter full" : "meter";
      setStyle(fill, "width", `${Math.min(100, (100 * count) / calls)}%`);
      setText(used, `${count} of ${calls}`);
    };
    return item;
  });
}
