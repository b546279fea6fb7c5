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

const ui = window.SwaggerUIBundle({
  domNode: document.getElementById("reference"),
  url: path,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  showExtensions: true,
  validatorUrl: null, // nothing is asked of anybody else
  onComplete: authorize,
});

/** Fill the credentials in, where they are the documented ones, so that "Execute" works at once. */
function authorize() {
  const { customer_id: user, customer_certificate: certificate } = account;
  if (certificate !== null) ui.preauthorizeBasic("basicAuth", user, certificate);
  document.getElementById("hint").textContent = certificate === null
    ? `Press Authorize first: the user is ${user}, the password the certificate that this emulator was given.`
    : `Calls go to this emulator, as ${user} with the certificate ${certificate}. They appear in its log.`;
}
