// What the theme would have in its buttons' `onclick`, which the pages' security policy bars.
{
  /** @type {Record<string, () => void>} */
  const deeds = { print: () => print(), "full screen": () => toggleFullScreen() };
  addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-does]") : null;
    if (button instanceof HTMLElement) deeds[button.dataset.does ?? ""]?.();
  });
}
// From a folder no page may read another one, as the search would to show the words around a find.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// Fulfilled when the reader has seen the page; heavy work waits for it.
window.firstPaint = new Promise((seen) => {
  setTimeout(seen, 4000); // a page that is only printed is never painted
  if (window.PerformanceObserver?.supportedEntryTypes?.includes("paint"))
    new PerformanceObserver(seen).observe({ type: "paint", buffered: true });
  else requestAnimationFrame(() => setTimeout(seen));
});

// What is heavy and below the window (code, figures, long lists) is laid out when the browser is
// idle, a little at a time. All must be: what is not laid out, a screen reader does not find.
{
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 20));
  const heavy = ".bd-article :is(div.cell, dl.py, ul.ledger-list, .notation tr, .lv-figure)";
  addEventListener("click", ({ target }) => {
    const link = target instanceof Element && target.closest('a[href^="#"]');
    if (link) document.documentElement.classList.add("at-a-place");
  });
  addEventListener("load", () => {
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
    firstPaint.then(() => idle(next, { timeout: 500 }));
  });
}
