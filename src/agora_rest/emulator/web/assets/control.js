// Sends control requests to the emulator, and reports the result.

import { byId, element } from "./dom.js";

/** Ask for something under /_emulator/. Throws an Error that says in words what was refused. */
export async function ask(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(`/_emulator/${path}`, options);
  } catch {
    throw new Error("The emulator does not respond. Is it still running?");
  }
  const content = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(content.message ?? `The emulator responded with ${response.status}.`);
  return content;
}

/** The path of a channel's users. A browser would take `.` and `..` for steps in the path, however they are written. */
export function usersOf(appId, channel) {
  if (channel === "." || channel === "..") {
    throw new Error(`No browser can send the name ${channel} in a path. Use Emulator.join in Python.`);
  }
  return `channels/${encodeURIComponent(appId)}/${encodeURIComponent(channel)}/users`;
}

/** Do what a control is for, and say that it is done, or why it is not. */
export async function attempt(action, done) {
  try {
    const result = await action();
    if (done) notify(typeof done === "function" ? done(result) : done);
    return true;
  } catch (error) {
    notify(error.message, true);
    return false;
  }
}

/** Say something for some seconds; what went wrong, for longer. */
export function notify(text, wrong = false) {
  const notice = element("div", wrong ? "notice wrong" : "notice", text);
  notice.setAttribute("role", wrong ? "alert" : "status");
  byId("notices").append(notice);
  while (byId("notices").children.length > 3) byId("notices").firstElementChild.remove();
  setTimeout(() => notice.remove(), wrong ? 10000 : 4000);
}
