// A formula wider than its place scrolls there, by keys too, and fades where it goes on.
{
  /** @type {(box: HTMLElement) => string} The sides at which a formula goes on. */
  const sides = (box) => {
    const rest = box.scrollWidth - box.clientWidth - box.scrollLeft;
    return [box.scrollLeft > 1 && "left", rest > 1 && "right"].filter(Boolean).join(" ");
  };
  /** @type {(boxes: HTMLElement[]) => void} All are asked before any is written to. */
  const fade = (boxes) => boxes.map((box) => /** @type {const} */ ([box, sides(box)]))
    .forEach(([box, more]) => {
      if (more) box.tabIndex = 0;
      if (more !== (box.dataset.more ?? "")) box.dataset.more = more;
    });
  const sizes = new ResizeObserver((entries) => fade(entries.flatMap(({ target }) =>
    target instanceof HTMLElement && target.clientWidth ? [target] : [])));
  /** @type {(place: ParentNode) => void} */
  const watch = (place) => place.querySelectorAll(".formula").forEach((box) => sizes.observe(box));
  window.watchFormulas = watch; // for the cards
  watch(document); // the script waits for the document
  addEventListener("scroll", ({ target }) => {
    if (target instanceof HTMLElement && target.matches(".formula")) fade([target]);
  }, { capture: true, passive: true });
}
