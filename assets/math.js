// Mathematics without waiting: MathJax comes in parts, and a formula is typeset when it comes near
// the window, when the reader has begun to read and the browser is idle, or before printing.
document.querySelectorAll("noscript").forEach((formula) => formula.remove()); // scripts run
window.MathJax = /** @type {any} */ ({ // the settings; MathJax adds the rest
  loader: { load: ["core", "input/tex", "output/chtml", "a11y/assistive-mml"] },
  options: { processHtmlClass: "tex2jax_process|mathjax_process|math|output_area" },
  startup: {
    // The pages' security policy bars a style element with rules in it; a sheet of its own is free.
    async ready() {
      await new Promise((done) => setTimeout(done)); // the last part took its time: others first
      MathJax.startup.defaultReady();
      const { output } = MathJax.startup;
      const { styleSheet } = output;
      output.styleSheet = (/** @type {unknown} */ formulas) => {
        const style = styleSheet.call(output, formulas);
        if (!style.parentNode) {
          const sheet = new CSSStyleSheet();
          // The book's own sheet has the fonts: named late, they have all laid out anew.
          sheet.replaceSync(style.textContent.replace(/@font-face[^{]*\{[^}]*\}/g, ""));
          document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
          Object.defineProperty(style, "sheet", { value: sheet }); // further rules come by this
          new DocumentFragment().append(style); // or MathJax would put it into the page
        }
        return style;
      };
    },
    pageReady() {
      /** @type {Set<Element>} */
      const waiting = new Set(document.querySelectorAll(".math, .tex2jax_process"));
      const near = new IntersectionObserver((entries) => {
        const seen = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
        inTurn(seen);
      }, { rootMargin: "1000px" });
      /** @type {(formulas: Element[]) => Promise<void>} */
      const typeset = async (asked) => {
        const formulas = asked.filter((formula) => waiting.delete(formula)); // each once
        if (!formulas.length) return;
        formulas.forEach((formula) => near.unobserve(formula));
        await MathJax.typesetPromise(formulas);
        for (const formula of formulas) {
          formula.removeAttribute("style"); // the place that was kept for it
          /** @type {NodeListOf<HTMLElement>} */
          const boxes = formula.querySelectorAll("mjx-container");
          boxes.forEach((box) => {
            wide.observe(box);
            if (formula.matches(".lv-formula")) box.tabIndex = 0; // in a line: no size to observe
          });
        }
      };
      let many = 0;
      /** @type {(formulas: Element[]) => Promise<void>} */
      const inTurn = async (formulas) => { // a few at a time: the page stays responsive
        while (formulas.length) {
          many = Math.min(many + 1, 4); // the first takes the longest
          await typeset(formulas.splice(0, many));
          await new Promise((done) => setTimeout(done));
        }
      };
      const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
      const rest = () => {
        if (waiting.size) whenIdle(() => typeset([...waiting].slice(0, 1)).then(rest));
      };
      // A formula wider than its place scrolls there, by keys too, and fades where it goes on.
      /** @type {(box: HTMLElement) => void} */
      const fade = (box) => {
        const inside = box.querySelector("mjx-math")?.scrollWidth ?? 0;
        const rest = inside - box.clientWidth - box.scrollLeft;
        const more = [box.scrollLeft > 1 && "left", rest > 1 && "right"].filter(Boolean).join(" ");
        if (more && box.clientWidth) box.tabIndex = 0;
        if (box.clientWidth) box.dataset.more = more;
      };
      const wide = new ResizeObserver((entries) => entries.forEach(({ target }) => {
        if (target instanceof HTMLElement) fade(target);
      }));
      addEventListener("scroll", ({ target }) => {
        if (target instanceof HTMLElement && target.matches("mjx-container")) fade(target);
      }, { capture: true, passive: true });
      waiting.forEach((formula) => near.observe(formula));
      addEventListener("beforeprint", () => typeset([...waiting]));
      ["scroll", "keydown", "pointerdown"].forEach((sign) =>
        addEventListener(sign, rest, { once: true, passive: true }));
    },
  },
});
{
  const script = document.createElement("script");
  const own = /** @type {HTMLScriptElement} */ (document.currentScript);
  script.src = new URL("mathjax/startup.js", own.src).href;
  script.onerror = () => document.documentElement.classList.add("plain-math");
  firstPaint.then(() => document.head.append(script)); // the words first
}
