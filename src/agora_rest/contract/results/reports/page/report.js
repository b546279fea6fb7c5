// The page is whole without this: it only adds buttons that copy requests.
for (const block of document.querySelectorAll(".curl")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    const text = block.querySelector("code").textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      // No clipboard here (an old browser, a page without permission): select the text instead.
      getSelection().selectAllChildren(block.querySelector("code"));
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  block.prepend(button);
}
// A link to a fact opens it.
function reveal() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && target.matches("li.fact")) {
    document.getElementById("show-all").checked = true;
    target.querySelector("details").open = true;
    target.scrollIntoView();
  }
}
addEventListener("hashchange", reveal);
reveal();
