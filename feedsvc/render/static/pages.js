// Our own pages work without this; it adds copy buttons and the builder's preview as one types.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    if (!field) continue;
    const label = button.firstChild, text = label.data;
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        document.execCommand("copy"); // pages without https have no clipboard
      }
      label.data = button.dataset.done;
      setTimeout(() => { label.data = text; }, 2000);
    });
  }

  // beside the headlines there is room for it; on a phone it stands above them, folded
  if (matchMedia("(min-width: 62rem)").matches) document.querySelector(".about .subscribe")?.setAttribute("open", "");

  const form = document.getElementById("builder");
  if (!form) return;
  const frame = document.getElementById("frame");
  const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const initial = form.accent.value;

  function look() {
    const query = new URLSearchParams();
    if (form.accent.value !== initial || new URLSearchParams(location.search).has("accent")) query.set("accent", form.accent.value.slice(1));
    if (form.count.value !== "10") query.set("count", form.count.value);
    if (form.images.value === "1") query.set("images", "1");
    if (form.theme.value !== "auto") query.set("theme", form.theme.value);
    if (form.time.value === "0") query.set("time", "0");
    const text = query.toString();
    return text && `?${text}`;
  }

  function show() {
    if (!form.reportValidity()) return;
    const section = form.section.value, query = look(), base = form.dataset.base;
    const attributes = (zone) => (zone ? ` timezone="${zone}"` : "")
      + (form.theme.value === "auto" ? "" : ` theme="${form.theme.value}"`)
      + (form.images.value === "1" ? " images" : "") + (form.time.value === "0" ? " notime" : "");
    const height = 96 + form.count.value * ((form.images.value === "1" ? 88 : 56) + (form.time.value === "0" ? 0 : 20));
    const values = {
      embed: escaped(`${base}/embed/${section}${query}`),
      fragment: escaped(`${base}/embed/${section}/fragment${query}`),
      title: escaped(form.section.selectedOptions[0].text.trim()),
      section, height, count: form.count.value, attributes: attributes(form.dataset.zone),
    };
    for (const field of document.querySelectorAll("textarea[data-template]"))
      field.value = field.dataset.template.replace(/%(\w+)%/g, (all, name) => values[name] ?? all);
    const address = `${form.dataset.root}/embed/${section}${query}`;
    if (frame.getAttribute("src") !== address) frame.src = address;
    frame.height = height;
  }

  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 150); });
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
})();
