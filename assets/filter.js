// The field above a long list (the ledger, the symbols): only the lines that have all of what is
// typed stay on the screen. It is remembered nowhere, and paper has all lines.
{
  const box = document.querySelector("p.filter"), field = box?.querySelector("input");
  const count = box?.querySelector("[role=status]");
  const GREEK = ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi " +
    "rho sigma sigma tau upsilon phi chi psi omega").split(" ");
  /** @type {(part: Element | null) => string} The text of a part, also without what only places letters. */
  const text = (part) => {
    const tex = (part?.textContent ?? "").replace(/\\var(?=[a-z])/g, "\\");
    return `${tex} ${tex.replace(/\\(?:rm|text|math[a-z]+) ?|[_^{}]/g, "")}`;
  };
  const lines = [...document.querySelectorAll("ul.ledger-list > li, table.notation tbody tr")].map(
    (line) => ({ line, all: text(line), formula: text(line.querySelector("th, div.math")) }));

  /** @type {(typed: string) => (line: { all: string, formula: string }) => boolean} */
  const has = (typed) => { // a letter stands alone in a formula, in its case; a word may be begun
    const word = typed.replace(/[α-ω]/gi, (letter) => {
      const name = GREEK[letter.toLowerCase().charCodeAt(0) - 945];
      return `\\${letter < "α" ? name[0].toUpperCase() + name.slice(1) : name}`;
    });
    const isLetter = /^\p{L}$/u.test(typed);
    const before = /^[a-z]/i.test(word) ? "(?:^|[^A-Za-z_])" : /^\d/.test(word) ? "(?:^|[^\\d.])" : "";
    const sought = new RegExp(
      before + word.replace(/[^\w\s]/g, "\\$&") + (isLetter ? "(?![A-Za-z])" : ""), isLetter ? "" : "i");
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
    if (count) count.textContent = words.length ? `${left} of ${lines.length}` : "";
  };
  field?.addEventListener("input", show);
  addEventListener("click", ({ target }) => { // a link to a line that is left out brings all back
    const link = target instanceof Element && target.closest('a[href^="#"]');
    if (!field?.value || !(link instanceof HTMLAnchorElement)) return;
    if (!document.getElementById(decodeURIComponent(link.hash.slice(1)))?.closest(".left-out")) return;
    field.value = "";
    show();
  });
  box?.removeAttribute("hidden");
}
