// Making elements. Whatever comes from the emulator is put in as text, never as markup: a channel may be called <script>.

export const byId = (id) => document.getElementById(id);

/** An element with a class, and children or text inside. */
export function element(name, className = "", ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Set the text of an element, if it is another one: what is selected in it stays selected otherwise. */
export function setText(node, text) {
  const wanted = String(text);
  if (node.textContent !== wanted) node.textContent = wanted;
}

/** Set an attribute or a property of style the same way. */
export function setStyle(node, name, value) {
  if (node.style.getPropertyValue(name) !== value) node.style.setProperty(name, value);
}

const children = new WeakMap(); // of each parent, by key

/**
 * Let `parent` have one child for each of `items`, in this order. Children stay the same elements from one call to the
 * next, known by `keyOf`, so that the keyboard's focus and an open detail stay where they are.
 * `create` makes a child; its `show(item)` is called each time.
 */
export function reconcile(parent, items, keyOf, create) {
  const before = children.get(parent) ?? new Map();
  const after = new Map();
  for (const item of items) {
    const key = String(keyOf(item));
    const child = before.get(key) ?? create(item);
    child.show(item);
    after.set(key, child);
  }
  for (const [key, child] of before) if (!after.has(key)) remove(child);
  let place = parent.firstElementChild;
  for (const child of after.values()) {
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
  children.set(parent, after);
}

/** Take an element away; the keyboard's focus, if it was in there, goes to the next one of its kind. */
function remove(child) {
  const active = document.activeElement;
  const held = child.contains(active);
  const next = child.nextElementSibling ?? child.previousElementSibling;
  const parent = child.parentElement;
  child.remove();
  if (!held) return;
  const candidates = [...(next?.querySelectorAll("button, summary, a") ?? [])].filter((each) => each.checkVisibility());
  const heir = candidates.find((each) => each.title === active.title) ?? candidates[0]
    ?? parent.closest("section")?.querySelector("button, input");
  heir?.focus();
}

/** Show or hide what stands for an empty list. */
export function setEmpty(id, isEmpty) {
  byId(id).hidden = !isEmpty;
}
