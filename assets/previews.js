// Cards: what a reference leads to, shown beside it while it is pointed at, has the focus, or was
// tapped. The page holds them; _ext/book/web/previews.py has put them there.
{
  /** @typedef {[kind: string, title: string, content: string, language?: string]} Card */
  /** @type {{ words: Record<string, string>, cards: Record<string, Card> } | undefined} */
  let known;
  const place = document.getElementById("previews");
  /** @type {(target: EventTarget | null) => HTMLAnchorElement | null} The link with a card at a place. */
  const linkAt = (target) => {
    const link = target instanceof Element ? target.closest("a.reference") : null;
    if (!(link instanceof HTMLAnchorElement) || box.contains(link)) return null;
    known ??= JSON.parse(place?.textContent ?? "");
    return Object.hasOwn(known?.cards ?? {}, link.getAttribute("href") ?? "") ? link : null;
  };

  // It holds links, which a tooltip may not: a dialog that leaves the focus where it is. It stands
  // behind its link, so that Tab leads from the link into it and on to what follows.
  const box = document.createElement("div");
  box.id = "preview";
  box.popover = "manual"; // above all else, whatever clips the paragraph around the link
  box.setAttribute("role", "dialog");

  /** @type {HTMLAnchorElement | null} */
  let shown = null;
  let line = -1; // of a link over several lines, the one that was pointed at
  let opening = 0, closing = 0; // timers
  const stay = () => {
    clearTimeout(closing);
    closing = 0;
  };
  const close = () => {
    clearTimeout(opening);
    stay();
    shown?.removeAttribute("aria-describedby");
    shown = null;
    box.remove();
  };

  /** @type {(link: HTMLAnchorElement, y?: number, touched?: boolean) => void} */
  const open = (link, y, touched = false) => {
    if (shown === link || !known) return;
    close();
    const [kind, title, content, language] = known.cards[link.getAttribute("href") ?? ""];
    box.className = kind;
    box.lang = language ?? "";
    if (!language) box.removeAttribute("lang");
    box.innerHTML = `${title && `<p class="title">${title}</p>`}<div>${content}</div>`;
    box.setAttribute("aria-label", (box.querySelector(".title") ?? link).textContent ?? "");
    if (touched) { // the first tap has not followed the link
      const line = document.createElement("p"), way = document.createElement("a");
      line.lang = document.documentElement.lang;
      way.href = link.href;
      way.textContent = `${known.words[kind]} →`;
      line.append(way);
      box.append(line);
    }
    shown = link;
    line = [...link.getClientRects()].findIndex(({ bottom }) => y !== undefined && y <= bottom);
    link.removeAttribute("title"); // it would be shown over the card
    link.setAttribute("aria-describedby", box.id);
    link.after(box);
    box.showPopover?.();
    window.watchFormulas?.(box);
    put();
  };

  /** Put the card below its link, or above. */
  const put = () => {
    const lines = shown?.getClientRects() ?? [], edge = 8;
    const { left: start, top, bottom } = lines[line] ?? lines[lines.length - 1] ?? {};
    if (start === undefined) return close(); // its text was folded away
    box.style.maxHeight = "";
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const below = height - bottom - edge, above = top - edge;
    const isBelow = box.offsetHeight <= below || below >= above;
    box.style.maxHeight = `${Math.max(isBelow ? below : above, 96)}px`;
    const left = Math.max(edge, Math.min(start, width - box.offsetWidth - edge));
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(isBelow ? bottom : top - box.offsetHeight) + scrollY}px`;
    if (box.scrollHeight > box.clientHeight) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };

  const isHeld = () => box.matches(":hover, :focus-within") || shown?.matches(":hover, :focus-visible");
  let pointer = "", silent = false;

  if (place) {
    addEventListener("pointerover", ({ target, clientY, pointerType }) => {
      if (pointerType === "touch") return;
      const link = linkAt(target);
      clearTimeout(opening);
      if (link && link !== shown) opening = setTimeout(() => open(link, clientY), 200);
      if (isHeld()) stay();
      else if (shown) closing ||= setTimeout(close, 300); // time to go over into the card
    });
    addEventListener("focusin", ({ target }) => {
      const link = silent ? null : linkAt(target);
      if (link?.matches(":focus-visible")) open(link);
    });
    addEventListener("focusout", () => setTimeout(() => { if (shown && !isHeld()) close(); }));
    addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      const link = shown;
      silent = true; // back at the link, it does not open again
      if (link && box.contains(document.activeElement)) link.focus();
      silent = false;
      close();
    });
    addEventListener("pointerdown", ({ pointerType }) => { pointer = pointerType; }, true);
    addEventListener("pointerup", ({ target }) => { // a tap beside it; a finger that scrolls is none
      if (shown && target instanceof Node && !box.contains(target) && !shown.contains(target)) close();
    });
    addEventListener("click", (event) => {
      const link = linkAt(event.target);
      if (link && link !== shown && pointer === "touch" && event.detail) {
        event.preventDefault();
        open(link, event.clientY, true);
      } else if (link || (event.target instanceof Element && event.target.closest("#preview a"))) {
        setTimeout(close); // when the link has been followed
      }
    }, true);
    const follow = () => { if (shown) put(); };
    ["scroll", "resize"].forEach((what) => addEventListener(what, follow));
    new ResizeObserver(follow).observe(document.body); // what is above may get its size late
    addEventListener("pagehide", close);
  }
}
