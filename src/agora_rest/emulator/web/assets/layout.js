// The layout of a recording in mode mix, as a small drawing: the canvas, and each user's region where it lies.

import { byId, reconcile, setText } from "./dom.js";

const NAMES = { floating: "floating layout", best_fit: "best fit layout", vertical: "vertical layout", custom: "custom layout" };
const HEIGHT = 120; // of the drawing, in pixels

/** An element of a drawing, with attributes. Styles come from the style sheet: the page allows no others. */
function drawn(name, attributes = {}) {
  const made = document.createElementNS(byId("drawing").namespaceURI, name);
  set(made, attributes);
  return made;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
}

/** A drawing; its `show(layout, recorded)` is called each time, with what is recorded of each user. */
export function createDrawing() {
  const title = drawn("title");
  const canvas = drawn("rect", { x: 0, y: 0, class: "canvas" });
  const regions = drawn("g");
  const drawing = drawn("svg", { class: "layout", role: "img" });
  drawing.append(title, canvas, regions);
  drawing.show = (layout, recorded) => {
    const { width, height } = layout;
    const unseen = new Set(recorded.filter((each) => !each.video).map((each) => each.uid));
    set(drawing, { viewBox: `0 0 ${width} ${height}`, height: HEIGHT, width: Math.round((HEIGHT * width) / height) });
    set(canvas, { width, height, fill: layout.background_color });
    const users = layout.regions.map(({ uid }) => (unseen.has(uid) ? `${uid} without video` : uid ?? "nobody"));
    setText(title, `${NAMES[layout.kind]}, ${width} by ${height}: ${users.length ? users.join(", ") : "nobody"}`);
    reconcile(regions, layout.regions.map((region, index) => ({ ...region, index, unseen: unseen.has(region.uid) })), (region) => region.index, () => createRegion(layout));
  };
  return drawing;
}

function createRegion(layout) {
  const box = drawn("rect");
  const label = drawn("text", { "text-anchor": "middle", "dominant-baseline": "central" });
  const region = drawn("g");
  region.append(box, label);
  region.show = (found) => {
    const { width, height } = layout;
    const [x, y, w, h] = [found.x * width, found.y * height, found.width * width, found.height * height];
    const kind = found.uid === null ? "free" : found.unseen ? "unseen" : `tint${found.index % 6}`;
    set(region, { class: `region ${kind}`, opacity: Math.max(found.alpha, 0.15) });
    set(box, { x, y, width: w, height: h, "stroke-width": height / HEIGHT });
    const text = String(found.uid ?? "");
    const size = Math.min(h * 0.5, (w * 1.4) / Math.max(text.length, 1), height * 0.14);
    set(label, { x: x + w / 2, y: y + h / 2, "font-size": size });
    setText(label, text);
  };
  return region;
}
