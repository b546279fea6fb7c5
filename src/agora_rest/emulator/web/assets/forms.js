// What can be done: the clock, users, faults, behaviour, a fresh start.

import { ask, attempt, notify, usersOf } from "./control.js";
import { byId, element, setText } from "./dom.js";
import { span, timeOfDay } from "./time.js";

/** Let every button and form do what it says. */
export function prepare() {
  prepareClock();
  prepareJoin();
  prepareFaults();
  preparePages();
  prepareSettings();
  prepareReset();
  prepareConnect();
}

/** Let the switches stand as the emulator's settings do. */
export function showSettings({ settings }) {
  const form = byId("settings");
  for (const radio of form.elements.dialect) radio.checked = radio.value === settings.dialect;
  form.elements.rate_limit.checked = settings.rate_limit;
  form.elements.stop_outcome.value = settings.stop_outcome;
  document.body.dataset.dialect = settings.dialect;
}

/** Let the clock's button say what it would do: stop the clock, or let it run. */
export function showFrozen({ frozen }) {
  byId("still").hidden = !frozen;
  setText(byId("freeze"), frozen ? "Run" : "Freeze");
}

/** Call `action` with the data of a form when it is sent. */
function onSubmit(id, action) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    action(event.target, new FormData(event.target));
  });
}

function advance(amount) {
  return attempt(() => ask("POST", "clock", { advance: amount }), ({ now }) => `The clock was moved by ${span(amount)}: it is ${timeOfDay(now)}.`);
}

function prepareClock() {
  byId("freeze").addEventListener("click", () => {
    const frozen = byId("still").hidden;
    const message = ({ now }) => (frozen ? `The clock stands still at ${timeOfDay(now)}.` : `The clock runs on from ${timeOfDay(now)}.`);
    attempt(() => ask("POST", "clock", { frozen }), message);
  });
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", () => advance(Number(button.dataset.advance)));
  }
  onSubmit("advance", (_, data) => advance(Number(data.get("amount")) * Number(data.get("unit"))));
}

function prepareJoin() {
  onSubmit("join", async (form, data) => {
    const uids = data.get("uids").split(/[\s,]+/).filter(Boolean).map(Number);
    const body = { uids };
    if (data.get("role")) body.role = Number(data.get("role"));
    if (data.get("ip").trim()) body.ip = data.get("ip").trim();
    const channel = data.get("channel");
    const joined = () => (uids.length === 1 ? `User ${uids[0]} joined ${channel}.` : `${uids.length} users joined ${channel}.`);
    if (await attempt(() => ask("POST", usersOf(data.get("app_id"), channel), body), joined)) {
      form.elements.uids.value = "";
      form.elements.uids.focus();
    }
  });
}

function preparePages() {
  onSubmit("page", (_, data) => {
    const [url, fate] = [data.get("url").trim(), data.get("fate")];
    attempt(() => ask("PUT", "pages", { url, fate }), `Recordings that start from now on: ${url} ${fate.replace("_", " ")}.`);
  });
}

async function prepareFaults() {
  const form = byId("inject");
  const fit = () => {
    for (const label of form.querySelectorAll("[data-for]")) {
      label.hidden = !label.dataset.for.split(" ").includes(form.elements.kind.value);
    }
  };
  form.elements.kind.addEventListener("change", fit);
  fit();
  onSubmit("inject", (_, data) => attempt(() => ask("POST", "faults", fault(form, data)), "The fault is in force."));
  byId("clear-faults").addEventListener("click", () => attempt(() => ask("DELETE", "faults"), "No fault is in force."));
  const { components } = await ask("GET", "openapi.json");
  form.elements.operation.append(...components.schemas.OperationId.enum.map((name) => new Option(name, name)));
}

/** The fault that a form describes: only what its kind has, and what is filled in. */
function fault(form, data) {
  const made = { kind: data.get("kind"), probability: Number(data.get("share")) / 100 };
  const has = (name) => !form.elements[name].closest("[data-for]").hidden;
  if (data.get("operation")) made.operation = data.get("operation");
  if (data.get("times")) made.times = Number(data.get("times"));
  if (has("status")) made.status = Number(data.get("status"));
  if (has("seconds")) made.seconds = Number(data.get("seconds"));
  if (has("after_effect")) made.after_effect = form.elements.after_effect.checked;
  if (has("body") && data.get("body").trim()) made.body = jsonOrText(data.get("body"));
  return made;
}

function jsonOrText(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function prepareSettings() {
  const form = byId("settings");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", ({ target }) => {
    const value = target.type === "checkbox" ? target.checked : target.value;
    const message = {
      dialect: `Responses are now in the ${value} dialect.`,
      rate_limit: value ? "Calls over the limits are refused." : "Calls over the limits pass.",
      stop_outcome: `Files are ${value} after a stop.`,
    }[target.name];
    attempt(() => ask("PATCH", "settings", { [target.name]: value }), message);
  });
}

function prepareReset() {
  const dialog = byId("reset-dialog");
  byId("reset").addEventListener("click", () => {
    dialog.returnValue = "";
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "reset") attempt(() => ask("POST", "reset", {}), "The emulator has begun anew.");
  });
}

function prepareConnect() {
  const account = JSON.parse(document.body.dataset.account);
  const lines = [
    `AGORA_BASE_URL=${location.origin}`,
    `AGORA_CUSTOMER_ID=${account.customer_id}`,
    `AGORA_CUSTOMER_CERTIFICATE=${account.customer_certificate ?? "(as the emulator was given it)"}`,
    ...(account.app_id ? [`AGORA_APP_ID=${account.app_id}`] : []),
  ];
  byId("connect").replaceChildren(...lines.map((line) => element("span", "", `${line}\n`)));
  byId("copy").addEventListener("click", () => {
    navigator.clipboard.writeText(lines.map((line) => `export ${line}`).join("\n")).then(
      () => notify("Copied, to be pasted into a shell."), () => notify("The browser does not let this page copy.", true));
  });
}
