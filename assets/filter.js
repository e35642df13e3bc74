// The field above a long list (the ledger, the symbols): only the lines that have all of what is
// typed stay on the screen. It is remembered nowhere, and paper has all lines.
{
  const box = document.querySelector("p.filter"), field = box?.querySelector("input");
  const count = box?.querySelector("[role=status]");
  const GREEK = ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi " +
    "rho final sigma tau upsilon phi chi psi omega").split(" ");
  /** @type {Record<string, string>} What a name of TeX's stands for; \ell is l, as in Unicode's ℓ. */
  const SIGN = {
    nabla: "∇", partial: "∂", ell: "l", infty: "∞", sqrt: "√", int: "∫", sum: "∑", times: "×", approx: "≈",
    propto: "∝", langle: "⟨", rangle: "⟩",
  };
  GREEK.forEach((name, i) => {
    SIGN[name] = String.fromCharCode(945 + i);
    SIGN[name[0].toUpperCase() + name.slice(1)] = String.fromCharCode(913 + i);
  });
  /** @type {(text: string) => string} Signs for TeX's names, and nothing that only places and draws. */
  const plain = (text) => text.normalize("NFKC").replace(/[‐–—−]/g, "-") // µ, ϕ and β₁ are μ, φ and β1
    .replace(/\\(?:var)?([a-z]+) ?/gi, (command, name) =>
      SIGN[name] ?? (/^(?:rm|text.*|math.*|left|right)$/.test(name) ? "" : command))
    .replace(/\\[()[\],;:! ]/g, "");
  /** @type {(part: Element | null) => string} The text of a part, its formulas in TeX, also with k_B as kB. */
  const text = (part) => {
    const copy = part?.cloneNode(true);
    if (!(copy instanceof Element)) return "";
    /** @type {NodeListOf<HTMLElement>} */
    const formulas = copy.querySelectorAll(".formula");
    formulas.forEach((formula) => formula.replaceWith(formula.dataset.tex ?? ""));
    const tex = plain(copy.textContent ?? "");
    return `${tex} ${tex.replace(/[_^{}]/g, "")}`;
  };
  const lines = [...document.querySelectorAll("ul.ledger-list > li, table.notation tbody tr")].map(
    (line) => ({ line, all: text(line), formula: text(line.querySelector("th, div.math")) }));

  /** @type {(typed: string) => (line: { all: string, formula: string }) => boolean} */
  const has = (typed) => { // a letter stands alone in a formula, in its case; a word may be begun
    const word = plain(typed);
    const isLetter = /^\p{L}$/u.test(word), isLatin = /^[a-z]/i.test(word);
    const before = isLatin ? "(?:^|[^A-Za-z_])" : /^\d/.test(word) ? "(?:^|[^\\d.])" : "";
    const after = isLetter && isLatin ? "(?![A-Za-z])" : "";
    const sign = SIGN[word.replace(/^var(?!iance)/, "")];
    const sought = new RegExp(
      `${before}${word.replace(/[^\w\s]/g, "\\$&")}${after}${sign ? `|${sign}` : ""}`, isLetter ? "" : "i");
    return ({ all, formula }) => sought.test(isLetter ? formula : all);
  };
  const show = () => {
    const words = (field?.value.match(/\S+/g) ?? []).map(has);
    let left = 0;
    for (const one of lines) {
      const stays = words.every((word) => word(one));
      one.line.classList.toggle("left-out", !stays);
      left += +stays;
    }
    for (const list of document.querySelectorAll("ul.ledger-list"))
      list.previousElementSibling?.classList.toggle("left-out", !list.querySelector("li:not(.left-out)"));
    const none = ". No line has all of this; fewer letters may find more.";
    if (count) count.textContent = words.length ? `${left} of ${lines.length}${left ? "" : none}` : "";
  };
  field?.addEventListener("input", () => {
    show();
    const first = lines.find(({ line }) => !line.matches(".left-out"))?.line;
    if (first && first.getBoundingClientRect().bottom > innerHeight) box?.scrollIntoView();
  });
  /** @type {(hash: string) => void} What leads to a line that is left out brings all back. */
  const bringBack = (hash) => {
    const place = document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!field || !place?.closest(".left-out")) return;
    field.value = "";
    show();
    place.scrollIntoView();
  };
  addEventListener("hashchange", () => bringBack(location.hash));
  addEventListener("click", ({ target }) => { // also where the address has the line already
    const link = target instanceof Element && target.closest('a[href^="#"]');
    if (link instanceof HTMLAnchorElement) bringBack(link.hash);
  });
  box?.removeAttribute("hidden");
}
