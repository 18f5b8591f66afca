"use strict";
(() => {
  const root = document.documentElement;

  const names = { "": "as the system", light: "light", dark: "dark" };
  const order = ["", "light", "dark"];
  const button = document.getElementById("theme");
  const stored = () => { try { return localStorage.getItem("paragone-theme") || ""; } catch { return ""; } };
  const store = (theme) => { try { localStorage.setItem("paragone-theme", theme); } catch { /* a page from a file may not keep anything */ } };
  const show = (theme) => {
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    button.textContent = "Theme: " + names[theme];
  };
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(root.dataset.theme || "") + 1) % order.length];
    store(next);
    show(next);
  });
  show(order.includes(stored()) ? stored() : "");
  button.hidden = false;

  const parts = Array.from(document.querySelectorAll("[data-part]"));
  const partsOf = (element) => element.dataset.part.split(" ");
  const light = (element) => {
    const wanted = element ? partsOf(element) : [];
    for (const part of parts) part.classList.toggle("lit", partsOf(part).some((name) => wanted.includes(name)));
  };
  const closest = (event) => event.target instanceof Element ? event.target.closest("[data-part]") : null;
  document.addEventListener("mouseover", (event) => {
    const part = closest(event);
    if (part) light(part); else if (!document.activeElement?.closest("[data-part]")) light(null);
  });
  document.addEventListener("focusin", (event) => light(closest(event)));

  const back = document.getElementById("back");
  let left = null;
  const reveal = (id) => {
    const target = id ? document.getElementById(id) : null;
    if (!target) return false;
    for (let element = target; element; element = element.parentElement) {
      if (element instanceof HTMLDetailsElement) element.open = true;
    }
    if (target instanceof HTMLDetailsElement) target.querySelector("summary").focus({ preventScroll: true });
    else if (target.tabIndex >= -1) target.focus({ preventScroll: true });
    target.scrollIntoView();
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    if (!reveal(id)) return;
    left = id.startsWith("samples-") ? link : null;
    back.hidden = !left;
    event.preventDefault();
    if (location.protocol !== "about:") history.pushState(null, "", "#" + id);
  });
  back.addEventListener("click", () => {
    left?.focus({ preventScroll: true });
    left?.scrollIntoView({ block: "center" });
    back.hidden = true;
  });
  window.addEventListener("popstate", () => reveal(decodeURIComponent(location.hash.slice(1))));
  reveal(decodeURIComponent(location.hash.slice(1)));
})();
