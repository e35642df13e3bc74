// What the theme would have in its buttons' `onclick`, which the pages' security policy bars.
{
  /** @type {Record<string, () => void>} */
  const deeds = { print: () => print(), "full screen": () => toggleFullScreen() };
  addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-does]") : null;
    if (button instanceof HTMLElement) deeds[button.dataset.does ?? ""]?.();
  });
}
// The search (search.js) is loaded when somebody goes to a field of it, types there (a window without
// the focus tells of nothing else), or comes with words.
{
  const signs = /** @type {const} */ (["focusin", "input"]);
  const load = () => {
    for (const sign of signs) removeEventListener(sign, asked);
    const root = document.documentElement.dataset.content_root;
    for (const name of ["minisearch.js", "search-index.js", "search.js"]) {
      const script = document.createElement("script");
      script.src = `${root}_static/${name}`;
      script.async = false; // one after the other
      document.head.append(script);
    }
  };
  /** @type {(event: Event) => void} */
  const asked = ({ target }) => { if (target instanceof Element && target.closest("form.bd-search")) load(); };
  for (const sign of signs) addEventListener(sign, asked);
  const field = document.activeElement?.closest("form.bd-search");
  if (field || new URLSearchParams(location.search).get("q")) load();
}

// Fulfilled when the reader has seen the page; heavy work waits for it.
window.firstPaint = new Promise((seen) => {
  setTimeout(seen, 4000); // a page that is only printed is never painted
  if (window.PerformanceObserver?.supportedEntryTypes?.includes("paint"))
    new PerformanceObserver(seen).observe({ type: "paint", buffered: true });
  else requestAnimationFrame(() => setTimeout(seen));
});

// Fulfilled when the reader begins to read: what is far below the window can wait for that.
window.begun = new Promise((begin) => {
  const signs = /** @type {const} */ (["scroll", "keydown", "pointerdown", "focusin", "beforeprint"]);
  for (const sign of signs) addEventListener(sign, begin, { once: true, passive: true });
  addEventListener("load", () => setTimeout(begin, 10_000)); // a screen reader gives no sign
  if (location.hash) addEventListener("DOMContentLoaded", begin);
});

// What is below the window (sections, and in them code, figures, long lists) is laid out when it comes
// near; the rest when the reader has begun to read, a little at a time while the browser is idle. All
// must be: what is not laid out, not every screen reader finds.
{
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 20));
  const sections = ".bd-article > section > section";
  const heavy = `${sections}, .bd-article :is(div.cell, dl.py, ul.ledger-list, .notation tr, .lv-figure)`;
  addEventListener("click", ({ target }) => {
    const link = target instanceof Element && target.closest('a[href^="#"]');
    if (link) document.documentElement.classList.add("at-a-place");
  });
  addEventListener("contentvisibilityautostatechange", (event) => { // what has been near stays laid out
    const { target } = event;
    if (target instanceof HTMLElement && target.matches(sections) && "skipped" in event && !event.skipped)
      target.style.contentVisibility = "visible"; // and what stands over its edge is not cut
  }, true);
  addEventListener("load", () => begun.then(() => {
    /** @type {NodeListOf<HTMLElement>} */
    const parts = document.querySelectorAll(heavy);
    const waiting = [...parts];
    const next = () => {
      const end = performance.now() + 3;
      while (performance.now() < end) {
        const part = waiting.shift();
        if (!part) return;
        part.style.contentVisibility = "visible";
        part.getBoundingClientRect(); // lays it out
      }
      if (waiting.length) idle(next, { timeout: 500 });
    };
    idle(next, { timeout: 500 });
  }));
}

// Where the reader was last, kept on the device alone; the preface offers to go on from there.
{
  const KEY = "place in the elegant link";
  addEventListener("pagehide", () => {
    const page = DOCUMENTATION_OPTIONS.pagename;
    if (!page.startsWith("chapters/")) return;
    const sections = [...document.querySelectorAll("article section[id]")];
    const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight / 3);
    const place = { page, id: passed.pop()?.id ?? "", title: document.title.split(" — ")[0] };
    try { localStorage.setItem(KEY, JSON.stringify(place)); } catch { /* the device keeps nothing */ }
  });
  addEventListener("DOMContentLoaded", () => {
    const offer = document.querySelector(".continue p");
    let known = null;
    try { known = JSON.parse(localStorage.getItem(KEY) ?? "null"); } catch { /* it gives nothing */ }
    const isWhole = ["page", "id", "title"].every((part) => typeof known?.[part] === "string");
    if (!(offer instanceof HTMLElement) || !isWhole || !/^chapters\/[\w-]+$/.test(known.page)) return;
    const link = document.createElement("a");
    link.href = `${document.documentElement.dataset.content_root}${known.page}.html#${encodeURIComponent(known.id)}`;
    link.textContent = known.title;
    offer.append(" ", link);
    offer.parentElement?.classList.add("known");
  });
}

// The switch in the header: which folds of a chapter are open. The page's head has read the choice.
{
  const root = document.documentElement;
  /** @type {NodeListOf<HTMLInputElement>} */
  const choices = document.querySelectorAll('.show input');
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const folds = document.querySelectorAll("details.fold");
  /** @type {(state: string) => void} */
  const show = (state) => {
    root.dataset.show = state;
    choices.forEach((choice) => { choice.checked = choice.value === state; });
    folds.forEach((fold) => {
      fold.open = state === "checks" || (state === "code" && !fold.matches(".check"));
    });
    root.classList.add("folded");
  };
  /** @type {(work: () => void) => void} */
  const inPlace = (work) => { // what stands at the top of the window stays there
    const parts = [...document.querySelectorAll(".bd-article :is(p, h2, h3, figure, .math, summary)")];
    const first = parts.find((part) => part.getBoundingClientRect().top > 60);
    const before = first?.getBoundingClientRect().top ?? 0;
    document.body.style.overflowAnchor = "none"; // or some browsers would do it once more
    work();
    if (first && scrollY) scrollBy({ top: first.getBoundingClientRect().top - before, behavior: "instant" });
    setTimeout(() => { document.body.style.overflowAnchor = ""; }, 100);
  };
  choices.forEach((choice) => choice.addEventListener("change", () => {
    inPlace(() => show(choice.value));
    const link = new URL(location.href);
    link.searchParams.delete("show"); // what the link said is over
    try {
      localStorage.setItem("show", choice.value);
      if (link.href !== location.href) history.replaceState(history.state, "", link);
    } catch {} // not every browser lets a page from a folder do this
  }));
  /** @type {(hash: string) => void} */
  const openAt = (hash) => { // the check to which a mark leads
    let name;
    try { name = decodeURIComponent(hash.slice(1)); } catch { return; } // no place has such a name
    const place = document.getElementById(name);
    const fold = place?.closest(".ledger-back")?.nextElementSibling;
    if (fold instanceof HTMLDetailsElement) fold.open = true;
  };
  if (folds.length) show(root.dataset.show ?? "text");
  if (location.hash) openAt(location.hash);
  addEventListener("hashchange", () => openAt(location.hash));
  addEventListener("click", ({ target }) => {
    const link = target instanceof Element && target.closest("a.ledger-mark");
    if (link instanceof HTMLAnchorElement) openAt(link.hash);
  });
}

// On paper the dark theme would be light letters on white, or white paper full of ink.
{
  const root = document.documentElement;
  /** @type {string | undefined} */
  let theme;
  const paper = matchMedia("print");
  const toPaper = () => {
    theme ??= root.dataset.theme;
    root.dataset.theme = "light";
  };
  const back = () => {
    if (theme) root.dataset.theme = theme;
    theme = undefined;
  };
  addEventListener("beforeprint", toPaper);
  addEventListener("afterprint", back);
  paper.addEventListener("change", () => (paper.matches ? toPaper() : back()));
}
