// The search: looks for what a reader types into the entries of search-index.js, which Python has
// taken from the pages (_ext/book/web/search.py), with MiniSearch, and shows what it finds below the
// field. assets/book.js loads all three when somebody goes to a field of the search.
{
  /** @typedef {{ id: number, kind: string, page: number, place: string, title: string,
   *   text: string, lead: string, where: string, section: string }} Entry */

  const MANY = 30; // results that are shown
  const LEAST = 0.03; // of the best one's score
  const AROUND = 170; // letters around a find
  /** How much an entry counts by its kind: those that answer stand before those that mention. */
  /** @type {Record<string, number>} */
  const WEIGHT = {
    page: 1.1, section: 1, equation: 1.2, exercise: 0.6, figure: 0.7, term: 1.3, symbol: 1, source: 0.7,
    function: 0.9,
  };
  const LAST = /^(?:exercises|what-to-remember|further-reading)$/; // they say again what is said before
  const LEAD = 200; // letters of a section that say what it is about
  const ABOUT = 0.5; // pages about the book, such as how it is tested

  // Words. What is left out, and what is left of a word, is Sphinx's for English (Porter's stems).
  const LEFT_OUT = new Set(
    ("a an and are as at be been but by can cannot did do does doesn don for from had has have how i if in into is it " +
    "its me my near no not of on or our so such that the their then there these they this to us was we " +
    "were what when where which who why will with would you your about also between does doing get gets " +
    "like look looks make makes mean means more most much only really should some than too very").split(" "),
  );
  const stemmer = new Stemmer();
  /** @type {Map<string, string>} */
  const stems = new Map();
  /** @type {(word: string) => string} */
  const stem = (word) => {
    const known = stems.get(word) ?? (word.length > 3 ? stemmer.stemWord(word) : word);
    stems.set(word, known);
    return known;
  };
  /** @type {(text: string) => string} */
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const WORD = /\p{Script=Han}+|\d+(?:[.,]\d+)+|[\p{L}\p{N}]+(?:[-–_.’'][\p{L}\p{N}]+)*/gu;

  /** @type {(text: string) => string[]} The words of a text, of Chinese each two signs together. */
  const words = (text) => (plain(text).match(WORD) ?? []).flatMap((word) => {
    if (/\p{Script=Han}/u.test(word)) {
      const signs = [...word];
      return signs.length === 1 ? signs : signs.slice(1).map((sign, i) => signs[i] + sign);
    }
    if (/^[\d.,]+$/.test(word)) return [word.replaceAll(",", "")];
    const parts = word.replace(/[’'](?:d|ll|m|re|s|t|ve)$/, "").split(/[-–_.’']/);
    const whole = parts.length > 1 ? [parts.join("")] : []; // mini-batch is minibatch, too
    return [...parts, ...whole].filter((part) => part && !LEFT_OUT.has(part))
      .map(stem);
  });

  // Symbols. √(2τT) is the symbols sqrt 2 tau t and the pairs of neighbours among them; what is
  // typed as "sqrt(2 tau T)" is read alike. A mark before them keeps them apart from words.
  const LETTERS = ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi " +
    "rho sigma sigma tau upsilon phi chi psi omega").split(" ");
  const OTHERS = /** @type {Record<string, string>} */ ({
    "√": " sqrt ", "∇": " nabla ", "∂": " d", "∫": " int ", "∑": " sum ", "∏": " prod ", "∞": " infinity ",
    "ℓ": "l", "ħ": "hbar", "←": " ", "ε": " epsilon ", "½": " 1/2 ", "¼": " 1/4 ",
  });
  const FUNCTIONS = new Set(
    "sqrt exp ln log sin cos tan tanh cosh sinh max min lim det tr nabla int sum prod grad infinity hbar"
      .split(" "),
  );
  /** @type {Record<string, string>} */
  const ALSO = { grad: "nabla", log: "ln" }; // two ways to write the same
  const SYMBOL = /\d+(?:\.\d+)?|(?<![a-z])d[a-z](?![a-z])|[a-z]+/g;

  /** @type {(text: string) => string} A formula in letters and numbers alone. */
  const spelt = (text) => text.normalize("NFD").replace(/\p{M}/gu, "")
    .replace(/[²³⁴⁻¹⁰]/g, (sign) => sign.normalize("NFKC"))
    .replace(/[Δδ]\s?(?=\p{L})/gu, " d").replace(/[√∇∂∫∑∏∞ℓħ←ε½¼]/g, (sign) => OTHERS[sign])
    .replace(/[α-ω]/g, (sign) => ` ${LETTERS[sign.charCodeAt(0) - 0x3b1]} `)
    .replace(/[Α-Ω]/g, (sign) => ` ${capital(LETTERS[sign.charCodeAt(0) - 0x391])} `);
  /** @type {(name: string) => string} */
  const capital = (name) => name[0].toUpperCase() + name.slice(1);

  /** @type {(formula: string) => string[]} The symbols of a formula, k_{B} as kb. */
  const symbols = (formula) => {
    const text = spelt(formula).replace(/_\{([^}]*)\}/g, (_, low) => (/^\p{L}+$/u.test(low) ? `_${low} ` : " "))
      .replace(/\p{L}+(?:_\p{L}+)?/gu, (run) => ` ${split(run)} `);
    return text.match(/\d+(?:\.\d+)?|[A-Za-z]+/g) ?? [];
  };
  /** @type {(run: string) => string} The letters of a product apart: Dt is D t, but not dt and ln. */
  const split = (run) => {
    const [letters, low] = run.split("_");
    const known = letters.toLowerCase();
    if (FUNCTIONS.has(known) || LETTERS.includes(known) || /^d[a-zA-Z]$/.test(letters)) return letters + (low ?? "");
    return [...letters].join(" ") + (low ?? "");
  };

  /** @type {(found: string[]) => string[]} Each symbol and each pair, marked; who types T means less t. */
  const marked = (found) => [
    ...found.flatMap((name) => /^\d$/.test(name) ? [] : /^\d/.test(name) ? [name]
      : /[A-Z]/.test(name) ? [`$${name.toLowerCase()}`, `$${name}`] : [`$${name}`]),
    ...found.slice(1).map((name, i) => `$${found[i]} ${name}`.toLowerCase()),
  ];

  /** @type {(text: string) => string[]} The terms of a text with formulas between dollars. */
  const terms = (text) =>
    text.split("$").flatMap((part, i) => (i % 2 ? marked(symbols(part)) : words(part)));

  /** @type {(word: string) => boolean} Whether what is typed is a piece of a formula, and no word. */
  const isSymbolic = (word) => {
    const name = spelt(word).trim().toLowerCase();
    return /[=^_*/+√()∇⟨⟩|]/.test(word) || LETTERS.includes(name) || ["sqrt", "nabla", "grad"].includes(name)
      || /^(?:[a-z]|d[a-z]|k_?b(?:t)?|kt|\d+[a-z]{1,2}|\d)$/.test(name);
  };

  /** @type {(query: string) => string[]} The terms of what is typed: words, and runs of symbols. */
  const asked = (query) => {
    /** @type {string[]} */
    const found = [];
    /** @type {string[]} */
    let run = [];
    const close = () => { found.push(...marked(run)); run = []; };
    for (const word of query.replace(/([/=()⟨⟩|√∇])/g, " $1 ").trim().split(/\s+/)) {
      const letters = word.toLowerCase();
      if (LEFT_OUT.has(letters)) close();
      else if (isSymbolic(word) || (run.length && FUNCTIONS.has(letters))) run.push(...typed(word));
      else { close(); found.push(...words(word)); }
    }
    close();
    return [...new Set(found)];
  };
  /** @type {(word: string) => string[]} */
  const typed = (word) => {
    const name = word.toLowerCase();
    if (/^k_?bt?$/.test(name)) return name.endsWith("t") ? ["kB", "T"] : ["kB"];
    const read = symbols(word.replace(/_(\p{L}+)/gu, "_{$1}").replace(/\^/g, " "));
    return read.map((symbol) => ALSO[symbol] ?? symbol);
  };

  const { kinds, pages, entries } = searchIndex;
  let section = "";
  /** @type {Entry[]} */
  const all = entries.map(([page, kind, place, title, text], id) => {
    const name = kinds[kind];
    if (name === "page") section = "";
    if (name === "section") section = title;
    const above = name === "section" ? "" : section;
    const where = `${name} ${name === "page" ? "" : pages[page][1]} ${above}`;
    const lead = name === "page" || name === "section" ? text.slice(0, LEAD).split("$", 2)[0] : "";
    return { id, page, kind: name, place, title, text, lead, where, section: above };
  });

  /** @type {(entry: Entry) => number} */
  const weight = ({ kind, page, place }) =>
    WEIGHT[kind] * (pages[page][3] ? ABOUT : 1) * (LAST.test(place) ? ABOUT : 1);

  // How rare a term is says how much it tells.
  /** @type {Map<string, number>} */
  const fields = new Map(); // term -> in how many fields
  /** @type {(text: string) => string[]} */
  const counted = (text) => {
    const found = terms(text);
    for (const term of new Set(found)) fields.set(term, (fields.get(term) ?? 0) + 1);
    return found;
  };
  /** @type {(term: string) => number} What a term tells; a pair of symbols more than they tell alone. */
  const tells = (term) => Math.log(1 + all.length / (1 + (fields.get(term) ?? 0))) / (term.includes(" ") ? 2 : 1);
  /** @type {(terms: Iterable<string>) => number} */
  const told = (terms) => [...terms].reduce((sum, term) => sum + tells(term), 0);

  const mini = new MiniSearch({
    fields: ["title", "lead", "text", "where"],
    tokenize: counted,
    processTerm: (/** @type {string} */ term) => term,
    searchOptions: {
      tokenize: asked,
      boost: { title: 3, lead: 0.7, text: 1, where: 0.5 },
      prefix: (/** @type {string} */ term, /** @type {number} */ i, /** @type {string[]} */ typed) =>
        /^[a-z]{3}/.test(term) && i === typed.length - 1,
      fuzzy: (/** @type {string} */ term) => (/^[a-z]{5}/.test(term) ? (term.length > 7 ? 2 : 1) : false),
      weights: { fuzzy: 0.35, prefix: 0.5 },
      boostDocument: (/** @type {number} */ id) => weight(all[id]),
      bm25: { k: 1.2, b: 0.7, d: 0.5 },
    },
  });
  const ready = mini.addAllAsync(all, { chunkSize: 100 });

  /** @typedef {Entry & { terms: string[], score: number }} Found */
  /** @type {(query: string, chinese: boolean) => Found[]} What answers, best first. */
  const find = (query, chinese) => {
    const wanted = asked(query), han = /\p{Script=Han}/u.test(query), places = new Set();
    if (!wanted.length) return [];
    const wholly = told(wanted), formula = wanted.filter((term) => /^\$[a-z]+$/.test(term)).length > 1;
    return mini.search(query)
      .map(({ id, score, terms: found, queryTerms }) => {
        const entry = all[id];
        const share = told(new Set(queryTerms)) / wholly; // of what is asked
        /** @type {(name: string) => number} How much of a name, or of a formula, is asked for. */
        const part = (name) => {
          const parts = [...new Set(terms(name))];
          if (parts.some((term) => /^\d+\.\d+$/.test(term) && found.includes(term))) return 1;
          const rest = parts.filter((term) => !/^\d/.test(term));
          return rest.filter((term) => found.includes(term)).length / (rest.length || 1);
        };
        const named = Math.max(part(entry.title), entry.kind === "equation" ? part(entry.text) : 0);
        const beside = formula && entry.kind === "symbol" ? 0.5 : 1; // who types a formula wants it whole
        return { ...entry, terms: found, score: score * share ** 2 * (1 + 3 * named ** 2) * beside };
      })
      .filter(({ page }) => han || chinese || pages[page][2] === "en")
      .sort((a, b) => b.score - a.score)
      .filter(({ page, place, score }, i, [best]) => {
        const address = `${page}#${place}`;
        return score > LEAST * best.score && !places.has(address) && places.add(address);
      })
      .slice(0, MANY);
  };

  // Pieces of a text: formulas, words, Chinese signs, and what is between them.
  const PIECE = /\$[^$]*\$|\p{Script=Han}|[\p{L}\p{N}\p{M}]+(?:[-–_.’'][\p{L}\p{N}\p{M}]+)*|[^$]/gu;
  /** @typedef {{ text: string, hit: number }} Piece */
  /** @type {(text: string, terms: Set<string>) => Piece[]} A text in pieces, each with what it tells. */
  const pieces = (text, found) => {
    const parts = text.match(PIECE) ?? [], isHan = /\p{Script=Han}/u;
    return parts.map((part, i) => {
      let own = part.length > 1 || /[\p{L}\p{N}]/u.test(part) ? terms(part) : [];
      if (isHan.test(part)) own = [part, (parts[i - 1] ?? "") + part, part + (parts[i + 1] ?? "")];
      return { text: part, hit: told(own.filter((term) => found.has(term))) };
    });
  };
  /** @type {(all: Piece[]) => Piece[]} The part of a text with most of what was asked for. */
  const around = (all) => {
    let best = 0, from = 0;
    for (let start = 0; start < all.length; start++) {
      if (start && !all[start].hit) continue;
      /** @type {Set<string>} */
      const seen = new Set();
      let size = 0, sum = 0;
      for (let i = start; i < all.length && size < AROUND * 0.7; i++) {
        const name = all[i].text.toLowerCase();
        if (!seen.has(name)) sum += all[i].hit;
        if (all[i].hit) seen.add(name);
        size += all[i].text.length;
      }
      if (sum > best * 1.0001) [best, from] = [sum, start];
    }
    let first = from;
    for (let size = 0; first > 0 && size < AROUND * 0.3; first--) size += all[first - 1].text.length;
    while (first > 0 && first < from && !/[\s。，；]/.test(all[first - 1].text)) first++; // a whole word
    let last = first;
    for (let size = 0; last < all.length && size < AROUND; last++) size += all[last].text.length;
    return [
      ...(first ? [{ text: "… ", hit: 0 }] : []), ...all.slice(first, last),
      ...(last < all.length ? [{ text: " …", hit: 0 }] : []),
    ];
  };

  /** @type {(tag: string, parts?: (Node | string)[], attributes?: Record<string, string>) => HTMLElement} */
  const made = (tag, parts = [], attributes = {}) => {
    const element = document.createElement(tag);
    element.append(...parts);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  /** @type {(formula: string) => Node} A formula, what is low or high in it set so. */
  const set = (formula) => {
    const inside = [made("i", [], { class: "formula" })];
    for (const part of formula.split(/([_^]\{|\})/)) {
      if (/^[_^]\{$/.test(part)) inside.unshift(made(part[0] === "_" ? "sub" : "sup"));
      else if (part === "}" && inside[1]) inside[1].append(/** @type {Node} */ (inside.shift()));
      else inside[0].append(part);
    }
    while (inside[1]) inside[1].append(/** @type {Node} */ (inside.shift()));
    return inside[0];
  };
  /** @type {(pieces: Piece[]) => Node[]} */
  const shown = (pieces) => pieces.map(({ text, hit }) => {
    const node = text.startsWith("$") ? set(text.slice(1, -1)) : document.createTextNode(text);
    return hit ? made("mark", [node]) : node;
  });

  const page = document.documentElement;
  const chinese = page.lang.startsWith("zh");
  const SAID = chinese
    ? {
        page: "页", section: "节", equation: "公式", exercise: "练习", figure: "图", term: "术语", symbol: "符号",
        source: "文献", function: "函数", loading: "正在载入……", none: "没有找到。", results: "个结果", found: "搜索结果",
      }
    : {
        page: "page", section: "section", equation: "equation", exercise: "exercise", figure: "figure",
        term: "glossary", symbol: "symbol", source: "source", function: "function", loading: "Loading …",
        none: "Nothing found. Fewer words, or another word for it, may find more.", results: "results", found: "Results",
      };
  /** @type {(count: number) => string} */
  const counted_as = (count) => {
    if (!count) return SAID.none;
    return count === 1 && !chinese ? "1 result" : `${count} ${SAID.results}`;
  };

  /** @type {(entry: Found) => HTMLElement} One result: its link, where it is, the words around. */
  const item = (entry) => {
    const found = new Set(entry.terms), [name, title, language] = pages[entry.page];
    const here = `${chinese ? "zh/" : ""}${DOCUMENTATION_OPTIONS.pagename}` === name;
    const address = `${here ? "" : `${page.dataset.content_root}${name}.html`}#${encodeURIComponent(entry.place)}`;
    const start = entry.text.match(/^.{0,80}?(?:[.。](?= |$)|$)/u)?.[0] ?? `${entry.text.slice(0, 70)} …`;
    const kind = /** @type {Record<string, string>} */ (SAID)[entry.kind];
    const link = made("a", shown(pieces(entry.title || start, found)), { href: address });
    const text = pieces(entry.text, found);
    link.addEventListener("click", () => {
      const words = text.filter(({ text, hit }) => hit && /^\p{L}{3}/u.test(text)).map(({ text }) => text.toLowerCase());
      try { // Sphinx marks them in the page to which the link leads, if they are kept by then
        localStorage.setItem("sphinx_highlight_terms", [...new Set(words)].slice(0, 5).join(" "));
      } catch { /* the device keeps nothing */ }
      /** @type {HTMLDialogElement | null} */
      const dialog = link.closest("dialog");
      dialog?.close();
    });
    const above = [kind, ...(entry.kind === "page" ? [] : [title]), entry.section].filter(Boolean);
    const where = made("p", shown(pieces(above.join(" · "), new Set())), { class: "where" });
    const lines = [link, where, ...(entry.text ? [made("p", shown(around(text)), { class: "around" })] : [])];
    const other = language === (chinese ? "zh" : "en") ? {} : { lang: language };
    return made("li", lines, /** @type {Record<string, string>} */ (other));
  };

  /** @type {(form: Element) => void} Let a field find while somebody types. */
  const attend = (form) => {
    const field = form.querySelector("input");
    if (!field) return;
    const status = made("p", [], { role: "status" }), list = made("ol");
    const box = made("section", [status, list], { class: "found", "aria-label": SAID.found });
    form.after(box);
    const links = () => [...list.querySelectorAll("a")];
    const isPage = !form.closest("dialog");
    let last = "", waiting = 0;
    const look = async () => {
      const query = field.value.trim();
      if (query === last) return;
      last = query;
      box.classList.toggle("asked", Boolean(query));
      if (!query) return list.replaceChildren();
      status.textContent ||= SAID.loading;
      await ready;
      if (query !== last) return;
      const found = find(query, chinese);
      list.replaceChildren(...found.map(item));
      box.dataset.query = query;
      status.textContent = counted_as(found.length);
      if (!isPage) return;
      try { history.replaceState(history.state, "", `?q=${encodeURIComponent(query)}`); } catch { /* from a folder */ }
    };
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = window.setTimeout(look, 80);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      await look();
      await ready;
      links()[0]?.click();
    });
    form.parentElement?.addEventListener("keydown", (event) => {
      if (event.key === "Escape") form.closest("dialog")?.close(); // Sphinx keeps the browser from it
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp" || event.isComposing) return;
      const stops = [field, ...links()], now = stops.findIndex((stop) => stop === document.activeElement);
      const next = stops[now + (event.key === "ArrowDown" ? 1 : -1)];
      if (now < 0 || !next) return;
      event.preventDefault();
      next.focus();
    });
    if (isPage && !field.value) field.value = new URLSearchParams(location.search).get("q") ?? "";
    look();
  };
  document.querySelectorAll("form.bd-search").forEach(attend);

  Object.assign(globalThis, { bookSearch: { find, ready, asked, pages } }); // for its tests
}
