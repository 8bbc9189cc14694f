// Everything works without this. It remembers light or dark, swaps the page's content in place, and makes charts answer
// the pointer and the arrow keys.
(() => {
  "use strict";
  const html = document.documentElement;
  const remembered = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
  if (remembered) html.dataset.theme = remembered;

  const kept = new Map(); // pages seen in this visit, for Back without a wait
  const main = () => document.getElementById("main");

  async function content(url) {
    const asked = new URL(url, location.href);
    const width = matchMedia("(max-width: 760px)").matches ? "narrow" : matchMedia("(max-width: 1180px)").matches ? "middle" : "wide";
    asked.searchParams.set("fragment", width);
    const response = await fetch(asked, { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(String(response.status));
    return { body: await response.text(), title: decodeURIComponent(response.headers.get("X-Title") || "") };
  }

  async function swap(url, push) {
    const key = new URL(url, location.href).href;
    let page;
    try {
      page = (!push && kept.get(key)) || await content(url);
    } catch {
      location.assign(url);
      return;
    }
    kept.set(key, page);
    if (kept.size > 30) kept.delete(kept.keys().next().value);
    const opened = [...main().querySelectorAll("details[open] > summary")].map((s) => s.textContent);
    const focused = document.activeElement && document.activeElement.textContent;
    const place = document.activeElement && document.activeElement.closest(".seg, .chips");
    main().innerHTML = page.body;
    if (page.title) document.title = page.title;
    if (push) history.pushState(null, "", url);
    for (const s of main().querySelectorAll("summary")) if (opened.includes(s.textContent)) s.parentElement.open = true;
    if (place) {
      const again = [...main().querySelectorAll(".seg a, .chips a")].find((a) => a.textContent === focused);
      if (again) again.focus({ preventScroll: true });
    }
    prepare();
    html.dataset.swapped = String(Number(html.dataset.swapped || 0) + 1);
  }

  function formUrl(form) {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
    return (form.getAttribute("action") || location.pathname) + "?" + query;
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-swap]");
    if (link) { event.preventDefault(); swap(link.href, true); return; }
    const copy = event.target.closest("button.copy");
    if (copy) navigator.clipboard.writeText(location.href).then(() => { copy.textContent = "Copied"; }, () => {});
    if (event.target.closest("button.theme")) {
      const dark = html.dataset.theme ? html.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      html.dataset.theme = dark ? "light" : "dark";
      try { localStorage.setItem("theme", html.dataset.theme); } catch { /* private mode */ }
    }
    const near = event.target.closest(".plot") && event.target.closest(".plot").querySelector("a.near");
    if (near && event.target.closest(".chart") && !event.target.closest("a")) location.assign(near.getAttribute("href"));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-swap]");
    if (form) { event.preventDefault(); swap(formUrl(form), true); }
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("details.filters form[data-swap]");
    if (form && event.target.matches("select")) swap(formUrl(form), true);
  });
  addEventListener("popstate", () => swap(location.href, false));

  // charts: one tab stop each, arrows step along a line, up and down change the line
  function links(chart) {
    const all = [...chart.querySelectorAll("a")], points = all.filter((a) => a.querySelector("circle"));
    return points.length ? points : all; // a text beside a point leads where the point does
  }
  function spot(link) {
    const shape = link.querySelector("circle, path, rect, text");
    if (shape.tagName === "circle") return [Number(shape.getAttribute("cx")), Number(shape.getAttribute("cy"))];
    const box = shape.getBBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }
  function tip(plot, link) {
    let box = plot.querySelector(".tip");
    if (!box) { box = document.createElement("div"); box.className = "tip"; box.setAttribute("aria-hidden", "true"); plot.append(box); }
    for (const other of plot.querySelectorAll("a.near")) if (other !== link) other.classList.remove("near");
    box.hidden = !link;
    if (!link) return;
    link.classList.add("near");
    box.textContent = link.getAttribute("aria-label");
    const at = link.getBoundingClientRect(), frame = plot.getBoundingClientRect();
    const x = at.left + at.width / 2 - frame.left;
    box.style.left = Math.max(0, Math.min(x - box.offsetWidth / 2, frame.width - box.offsetWidth)) + "px";
    box.style.top = at.top - frame.top - box.offsetHeight - 8 + "px";
  }
  function nearest(chart, event) {
    let best = null, least = 45 * 45;
    for (const link of links(chart)) {
      const shape = link.firstElementChild.getBoundingClientRect();
      const dx = shape.left + shape.width / 2 - event.clientX, dy = shape.top + shape.height / 2 - event.clientY;
      const far = 4 * dx * dx + dy * dy;
      if (far < least) { least = far; best = link; }
    }
    return best;
  }
  function step(chart, key, link) {
    const all = links(chart), at = all.indexOf(link);
    if (key === "Home") return all[0];
    if (key === "End") return all[all.length - 1];
    if (key === "ArrowRight") return all[Math.min(at + 1, all.length - 1)];
    if (key === "ArrowLeft") return all[Math.max(at - 1, 0)];
    const [x, y] = spot(link), up = key === "ArrowUp";
    const others = all.filter((a) => Math.abs(spot(a)[0] - x) < 1 && (up ? spot(a)[1] < y : spot(a)[1] > y));
    others.sort((a, b) => Math.abs(spot(a)[1] - y) - Math.abs(spot(b)[1] - y));
    return others[0] || link;
  }
  function prepare() {
    for (const chart of document.querySelectorAll(".plot .chart")) {
      const all = links(chart), plot = chart.closest(".plot");
      if (!all.length) continue;
      const last = all[all.length - 1];
      last.tabIndex = 0;
      const isLine = Boolean(all[0].querySelector("circle"));
      let waiting = 0;
      chart.addEventListener("pointermove", (event) => {
        cancelAnimationFrame(waiting);
        waiting = requestAnimationFrame(() => tip(plot, isLine ? nearest(chart, event) : event.target.closest("a")));
      });
      chart.addEventListener("pointerleave", () => { cancelAnimationFrame(waiting); tip(plot, null); });
      // an SVG that listens for focus becomes a tab stop itself
      plot.addEventListener("focusin", (event) => tip(plot, event.target.closest("a")));
      plot.addEventListener("focusout", () => tip(plot, null));
      chart.addEventListener("keydown", (event) => {
        const link = event.target.closest("a");
        if (!link || !["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
        event.preventDefault();
        const next = step(chart, event.key, link);
        for (const a of all) a.tabIndex = -1;
        next.tabIndex = 0;
        next.focus();
      });
    }
    for (const button of document.querySelectorAll("button.copy, button.theme")) button.hidden = button.matches(".copy") && !navigator.clipboard;
  }

  // a newer copy while the page is open: say so, change nothing under the reader's eyes
  async function look() {
    try {
      const response = await fetch(document.body.dataset.root + "/version");
      const { vintage } = await response.json();
      if (String(vintage) === document.body.dataset.vintage) return;
      const news = document.querySelector(".news");
      news.innerHTML = "";
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = "Newer data were published: show them";
      news.append(link);
      news.hidden = false;
    } catch { /* the next look may do */ }
  }

  document.addEventListener("DOMContentLoaded", () => {
    prepare();
    html.dataset.ready = "1";
    setInterval(look, 30000);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  });
})();
