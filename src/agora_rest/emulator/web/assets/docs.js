// The API reference: Swagger UI on one of the two documents, whose server is this emulator.

const APIS = ["cloud-recording", "console"];

const asked = new URLSearchParams(location.search).get("api");
const api = APIS.includes(asked) ? asked : APIS[0];
const path = `/docs/${api}.json`;
const account = JSON.parse(document.body.dataset.account);

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

for (const link of document.querySelectorAll("[data-api]")) {
  if (link.dataset.api === api) link.setAttribute("aria-current", "page");
}
document.getElementById("document").href = path;

const reference = await (await fetch(path)).json();

const ui = window.SwaggerUIBundle({
  domNode: document.getElementById("reference"),
  spec: adapted(reference, appIdsOf(reference)),
  tryItOutEnabled: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  showExtensions: true,
  validatorUrl: null, // no requests to other servers
  onComplete: authorize,
});

/** The App IDs that the examples of a document name. */
function appIdsOf(node, found = new Set()) {
  for (const [name, value] of Object.entries(node)) {
    if (["appid", "vendor_key"].includes(name) && typeof value === "string" && !value.startsWith("$")) found.add(value);
    if (value !== null && typeof value === "object") appIdsOf(value, found);
  }
  return found;
}

/**
 * A document for "Execute": its examples name a project of this emulator. And without conditions between members, which
 * Swagger UI cannot show: it calls a member that one of them mentions "never". The link leads to the document as it is.
 */
function adapted(node, appIds) {
  if (typeof node === "string") return appIds.has(node) ? account.app_id ?? node : node;
  if (Array.isArray(node)) return node.map((each) => adapted(each, appIds));
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([name]) => !["if", "then", "else"].includes(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, adapted(value, appIds)]));
}

/** Fill the credentials in, where they are the documented ones, so that "Execute" works at once. */
function authorize() {
  const { customer_id: user, customer_certificate: certificate } = account;
  if (certificate !== null) ui.preauthorizeBasic("basicAuth", user, certificate);
  document.getElementById("hint").textContent = certificate === null
    ? `Press Authorize first: the user is ${user}, the password the certificate that this emulator was given.`
    : `Calls go to this emulator, as ${user} with the certificate ${certificate}. They appear in its log.`;
}
