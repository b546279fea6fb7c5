// The log: every exchange with its verdict. Headers and bodies are fetched when an exchange is opened.

import { ask } from "./control.js";
import { byId, element, reconcile, setEmpty, setText } from "./dom.js";
import { timeOfDay } from "./time.js";

const MOST = 200;
const LOOKS = { ok: "plain good", refused: "warn", fault: "fault", broken: "bad", cut: "fault" };
const LONGEST = 14; // characters of a part of a path that are shown: IDs differ in their first ones

const FILTERS = {
  all: () => true,
  refused: (found) => found.verdict.kind === "refused",
  wrong: (found) => found.verdict.kind === "broken",
  ignored: (found) => found.verdict.ignored.length > 0,
  fault: (found) => found.fault !== null,
};

let exchanges = [];
let generation = 0; // after a reset numbers begin again, and are those of other exchanges

/** Take in what an event tells of the log. */
export function addRequests({ anew, requests }) {
  if (anew) {
    exchanges = [];
    generation += 1;
  }
  exchanges = [...requests.reverse(), ...exchanges].slice(0, MOST);
  showLog();
}

/** Show what the filter lets through. */
export function showLog() {
  const shown = exchanges.filter(FILTERS[byId("log-filter").value]);
  setEmpty("no-log", shown.length === 0);
  setText(byId("no-log"), exchanges.length ? "None of these." : "No requests yet.");
  const broken = exchanges.filter(FILTERS.wrong).length;
  const newest = exchanges[0]?.number ?? 0;
  setText(byId("log-count"), [
    newest ? `${newest} in all` : "",
    newest > exchanges.length ? `the latest ${exchanges.length} are shown` : "",
    broken ? `${broken} not as specified` : "",
  ].filter(Boolean).join(" · "));
  reconcile(byId("log"), shown, (found) => `${generation} ${found.number}`, createExchange);
}

function words({ kind, ignored }, status) {
  if (kind === "ok" && ignored.length) return `✓ but ${ignored.length} ignored`;
  return { ok: "✓ as specified", refused: "refused", fault: `fault · ${status}`, broken: "broken", cut: "fault · no response" }[kind];
}

/** A path in which no part is long, so that it is the end that shows, where paths differ. */
function shortened(target) {
  return target.split("/").map((part) => (part.length > LONGEST ? `${part.slice(0, LONGEST / 2)}…` : part)).join("/");
}

function createExchange(found) {
  const { verdict } = found;
  const status = found.status ?? "—";
  const target = element("span", "target", shortened(found.target));
  target.title = found.target;
  const look = verdict.ignored.length ? "warn" : LOOKS[verdict.kind];
  const pill = element("span", `pill ${look}`, words(verdict, status));
  const summary = element("summary", "",
    element("span", "at", timeOfDay(found.at)), element("span", "operation", found.operation ?? found.method),
    target, element("span", "status", String(status)), pill);
  const rules = verdict.facts.map((number) => `${number} ${verdict.titles[number]}`);
  if (rules.length) summary.append(element("span", "rules", rules.join(" · ")));
  const more = element("div", "more");
  const details = element("details", "", summary, more);
  details.addEventListener("toggle", () => { if (details.open && !more.hasChildNodes()) fill(more, found); });
  const item = element("li", "", details);
  item.dataset.verdict = verdict.kind;
  item.show = () => {};
  return item;
}

async function fill(more, found) {
  const { kind, facts, reason } = found.verdict;
  const text = {
    ok: reason ? `Conforms to the specification; ${reason}.` : "Conforms to the specification.",
    refused: `The call was refused: ${reason}.`,
    fault: `Not the emulator's own response: ${reason}.`,
    broken: `The response does not conform to the specification: ${reason}.`,
    cut: `There was no response: ${reason}.`,
  }[kind];
  more.append(
    element("p", "", text, facts.length ? ` [${facts.join(", ")}]` : ""),
    element("small", "", `${found.method} ${found.target} · ${(found.seconds * 1000).toFixed(1)} ms of real time`,
      found.fault ? ` · fault ${found.fault}` : ""));
  try {
    const { requests: [whole] } = await ask("GET", `requests?after=${found.number - 1}&limit=1`);
    if (whole?.number !== found.number) throw new Error("It is no longer in the log.");
    more.append(element("div", "parts", part("Request", whole.request), part("Response", whole.answer)));
  } catch (error) {
    more.append(element("p", "", error.message));
  }
}

function part(title, { headers, body }) {
  const lines = headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  const text = body === null ? "" : typeof body === "string" ? body : JSON.stringify(body, null, 2);
  const shown = element("pre", "", [lines, text].filter(Boolean).join("\n\n") || "nothing");
  shown.tabIndex = 0; // it scrolls
  shown.setAttribute("aria-label", title);
  return element("div", "", element("h3", "", title), shown);
}
