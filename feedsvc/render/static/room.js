// The control room works without this; it takes over what is new every ten seconds, as long as somebody looks.
(() => {
  "use strict";
  const parts = () => [...document.querySelectorAll("[data-live]")];
  async function look() {
    if (document.hidden || parts().some((one) => one.contains(document.activeElement) || one.querySelector("details[open]"))) return;
    let answer;
    try {
      answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    } catch {
      document.body.classList.add("away-from-server");
      return;
    }
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const old = parts(), now = [...fresh.querySelectorAll("[data-live]")];
    const head = document.querySelector("h1"), other = fresh.querySelector("h1");
    if (head && other && head.textContent !== other.textContent) head.textContent = other.textContent;
    if (old.length === now.length) old.forEach((one, n) => one.innerHTML !== now[n].innerHTML && one.replaceChildren(...now[n].childNodes));
  }
  setInterval(look, 10000);
})();
