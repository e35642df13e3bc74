// Judges the answers of exercises in the page as `check` of lib/langevin/exercises.py does, and
// remembers in this browser which were right.
{
  /**
   * What exercises.json has of an exercise, but for the hint.
   * @typedef {{ kind: string, salt: string, digest: string,
   *   scale: string, width: number, phase: number,
   *   symbols: string[], points: number[][], phases: number[] }} Sealed
   */
  const ROUNDS = 20000;

  // SHA-256 by hand: the browser's own is there only on pages with a secure address, and takes
  // many times as long, since each of the twenty thousand digests waits for the one before.
  const primes = [2];
  for (let n = 3; primes.length < 64; n += 2) if (primes.every((p) => n % p)) primes.push(n);
  const bits = (/** @type {number} */ root) => ((root % 1) * 2 ** 32) | 0;
  const ROUND = primes.map((p) => bits(Math.cbrt(p)));
  const START = primes.slice(0, 8).map((p) => bits(Math.sqrt(p)));
  const turn = (/** @type {number} */ x, /** @type {number} */ n) => (x >>> n) | (x << (32 - n));

  /** @type {(bytes: Uint8Array) => Uint8Array} */
  const sha256 = (bytes) => {
    const { length } = bytes, hash = Int32Array.from(START), w = new Int32Array(64);
    const words = new Int32Array(((length + 72) >> 6) << 4);
    bytes.forEach((byte, i) => { words[i >> 2] |= byte << (24 - 8 * (i & 3)); });
    words[length >> 2] |= 128 << (24 - 8 * (length & 3));
    words[words.length - 1] = 8 * length;
    for (let block = 0; block < words.length; block += 16) {
      let [a, b, c, d, e, f, g, h] = hash;
      for (let i = 0; i < 64; i++) {
        const x = w[i - 15], y = w[i - 2];
        w[i] = i < 16 ? words[block + i]
          : w[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3))
            + w[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
        const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g))
          + ROUND[i] + w[i];
        const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g; g = f; f = e; e = (d + one) | 0;
        d = c; c = b; b = a; a = (one + two) | 0;
      }
      [a, b, c, d, e, f, g, h].forEach((x, i) => { hash[i] += x; });
    }
    return new Uint8Array(32).map((_, i) => hash[i >> 2] >> (24 - 8 * (i & 3)));
  };

  /** @type {(sealed: Sealed, word: string) => string} */
  const digest = ({ salt }, word) => {
    const grains = (salt.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
    /** @type {Uint8Array} */
    let bytes = new TextEncoder().encode(word);
    for (let round = 0; round < ROUNDS; round++) {
      const salted = new Uint8Array(grains.length + bytes.length);
      salted.set(grains);
      salted.set(bytes, grains.length);
      bytes = sha256(salted);
    }
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // A formula is read from left to right and computed on the way; only these functions are called.
  class Unreadable extends Error {}
  class Undefined extends Error {}
  /** @type {Record<string, (x: number) => number>} */
  const FUNCTIONS = {
    ln: Math.log, log: Math.log, abs: Math.abs, Abs: Math.abs, sqrt: Math.sqrt, exp: Math.exp,
    sin: Math.sin, cos: Math.cos, tan: Math.tan, sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh,
  };
  const CONSTANTS = new Map([["e", Math.E]]); // in a number; in a formula e may be a symbol
  const TOKEN =
    /(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[-+]?\d+)?|\*\*|[-+*/()]|[\p{L}_][\p{L}\p{N}_]*/giu;
  /** @type {Record<string, string>} */
  const GREEK = {
    α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", η: "eta", κ: "kappa", λ: "lam",
    μ: "mu", ρ: "rho", σ: "sigma", τ: "tau", ω: "omega", π: "pi",
  };

  /** @type {(text: string) => string} Write a formula with the signs of Python. */
  const plain = (text) => text
    .replace(/[⁻⁺]?[⁰¹²³⁴-⁹]+/g, "**($&)").normalize("NFKC")
    .replace(/.*=/s, "").replace(/\^/g, "**").replace(/−/g, "-").replace(/[·×⋅]/g, "*")
    .replace(/[α-ω]/g, (letter) => GREEK[letter] ?? letter)
    .replace(/\b(?:math|np|numpy|sp)\./g, "").trim()
    .replace(/([\p{L}\p{N}_)])\s+(?=[\p{L}_])/gu, "$1*");

  /** @type {(text: string, values: Map<string, number>) => number} */
  const compute = (text, values) => {
    const tokens = text.match(TOKEN) ?? [];
    if (text.replace(TOKEN, "").trim()) throw new Unreadable();
    let at = 0;
    const take = (/** @type {string} */ token) => tokens[at] === token && ++at > 0;
    const real = (/** @type {number} */ x) => {
      if (!Number.isFinite(x)) throw new Undefined();
      return x;
    };
    const sum = () => {
      let x = product();
      while (at < tokens.length)
        if (take("+")) x = real(x + product());
        else if (take("-")) x = real(x - product());
        else break;
      return x;
    };
    const product = () => {
      let x = signed();
      while (at < tokens.length)
        if (take("*")) x = real(x * signed());
        else if (take("/")) x = real(x / signed());
        else break;
      return x;
    };
    /** @type {() => number} */
    const signed = () => take("-") ? -signed() : take("+") ? signed() : power();
    const power = () => {
      const x = atom();
      return take("**") ? real(x ** signed()) : x;
    };
    /** @type {() => number} */
    const bracket = () => {
      const x = sum();
      if (!take(")")) throw new Unreadable();
      return x;
    };
    const atom = () => {
      if (take("(")) return bracket();
      const token = tokens[at++] ?? "";
      if (/^[\d.]/.test(token)) return real(Number(token.replaceAll("_", "")));
      if (Object.hasOwn(FUNCTIONS, token) && take("(")) return real(FUNCTIONS[token](bracket()));
      const value = token === "pi" ? Math.PI : values.get(token);
      if (value === undefined) throw new Unreadable();
      return value;
    };
    const x = sum();
    if (at < tokens.length) throw new Unreadable();
    return x;
  };

  /** @type {(x: number) => string} Round to the nearest, and from halfway to the even one. */
  const whole = (x) => String(BigInt(Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)));

  /** @type {(x: number, width: number, phase: number) => string} */
  const onLog = (x, width, phase) =>
    x ? (x < 0 ? "-" : "+") + whole((Math.log(Math.abs(x)) - phase) / width) : "zero";

  /** @type {(x: number) => string} What Python writes for f"{x:.9g}". */
  const nineDigits = (x) => {
    const [digits, power] = x.toExponential(8).split("e").map(Number);
    if (power >= -4 && power < 9) return String(Number(x.toPrecision(9)));
    return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  };

  /** @type {(text: string) => string} Leave out what is around a text. */
  const bare = (text) => text.toUpperCase().toLowerCase().split(/[\s\x1c-\x1f\x85]+/)
    .filter(Boolean).join(" ").replace(/^[(["'“‘]+|[)\]"'”’.,;:!?]+$/g, "");

  /** @type {Record<string, string>} */
  const TRUTH = { true: "True", yes: "True", y: "True", false: "False", no: "False", n: "False" };

  /** @type {Record<string, (typed: string, sealed: Sealed) => string>} */
  const KINDS = {
    number(typed, { scale, width, phase }) {
      const x = compute(plain(typed), CONSTANTS);
      if (scale === "log") return onLog(x, width, phase);
      const bin = (x - phase) / width;
      return Number.isFinite(bin) ? whole(bin) : "far off";
    },
    expression(typed, { symbols, points, width, phases }) {
      const text = plain(typed);
      return points.map((point, i) => {
        try {
          const values = new Map(symbols.map((symbol, k) => [symbol, point[k]]));
          return onLog(compute(text, values), width, phases[i]);
        } catch (problem) {
          if (problem instanceof Undefined) return "undefined";
          throw problem;
        }
      }).join("|");
    },
    truth(typed) {
      const word = bare(typed);
      if (!Object.hasOwn(TRUTH, word)) throw new Unreadable();
      return TRUTH[word];
    },
    set(typed) {
      const members = typed.trim().replace(/^[{[(（]|[}\])）]$/g, "").split(/[,;，；、]/);
      const words = members.filter((member) => member.trim()).map((member) =>
        /^\s*[-+−.\d]/.test(member) ? nineDigits(compute(plain(member), CONSTANTS)) : bare(member));
      return [...new Set(words)].sort().join("|");
    },
    text: bare,
  };

  /** @type {(sealed: Sealed, typed: string) => string} What of an answer is made into the digest. */
  const wordOf = (sealed, typed) => `${sealed.kind}:${KINDS[sealed.kind](typed, sealed)}`;
  window.answers = { wordOf, digest };

  // What is remembered: exercise -> its answer and the digest that it had. A browser may refuse.
  /** @typedef {Record<string, { answer: string, digest: string }>} Solved */
  const KEY = "the-elegant-link: solved";
  /** @type {Solved} */
  let solved = {};
  /** @type {(text: string) => Solved} */
  const read = (text) => Object.fromEntries(Object.entries(JSON.parse(text)).filter(([, known]) =>
    typeof known?.answer === "string" && typeof known.digest === "string"));
  const recall = () => {
    try {
      solved = read(localStorage.getItem(KEY) ?? "{}");
    } catch { /* what this page knows will do */ }
  };
  const keep = () => {
    try {
      localStorage.setItem(KEY, JSON.stringify(solved));
    } catch { /* it lasts as long as the page */ }
  };

  /** @type {<T extends Element = HTMLElement>(place: ParentNode, selector: string) => T} */
  const find = (place, selector) => /** @type {any} */ (place.querySelector(selector));
  /** @type {(text: string, ...values: unknown[]) => string} */
  const filled = (text, ...values) => text.replace(/\{\}/g, () => String(values.shift()));

  /** @type {(form: HTMLFormElement) => Sealed} */
  const sealedIn = (form) => JSON.parse(form.dataset.sealed ?? "");
  /** @type {(form: HTMLFormElement) => boolean} */
  const isSolved = (form) => solved[form.dataset.exercise ?? ""]?.digest === sealedIn(form).digest;

  /** @type {(form: HTMLFormElement, words: Record<string, string>, done: () => void) => void} */
  const attend = (form, words, done) => {
    const sealed = sealedIn(form);
    /** @type {HTMLTemplateElement} */
    const held = find(form, "template");
    held.replaceWith(held.content);
    const exercise = form.dataset.exercise ?? "", verdict = find(form, ".verdict");
    const field = /** @type {RadioNodeList | HTMLInputElement} */ (form.elements.namedItem("answer"));
    const say = (/** @type {string} */ what, hint = false) => {
      verdict.textContent = filled(words[what] ?? "", sealed.symbols?.join(", "));
      find(form, ".hint").hidden = !hint;
      form.dataset.verdict = what;
    };
    const judge = () => {
      const typed = field.value.trim();
      if (!typed) return say(field instanceof HTMLInputElement ? "empty" : "choose");
      try {
        if (digest(sealed, wordOf(sealed, typed)) !== sealed.digest) return say("wrong", true);
      } catch {
        return say(sealed.kind === "expression" ? "expression" : "number");
      }
      say("right");
      recall();
      solved[exercise] = { answer: typed, digest: sealed.digest };
      keep();
      done();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      judge();
    });
    form.addEventListener("input", () => say("")); // the verdict was of another answer
    form.hidden = false;
    form.nextElementSibling?.remove(); // the sentence that stood in its place
    if (isSolved(form)) {
      field.value = solved[exercise].answer;
      say("right");
    } else if (solved[exercise]) { // of a question that has changed
      delete solved[exercise];
      keep();
    }
  };

  recall();
  /** @type {NodeListOf<HTMLFormElement>} */
  const forms = document.querySelectorAll("form.answer");
  const here = find(document, ".solved-here"), all = find(document, ".solved-everywhere");
  const wordsOf = (/** @type {HTMLElement} */ place) => JSON.parse(place.dataset.words ?? "{}");
  if (here) {
    const words = wordsOf(here);
    const count = () => {
      const right = [...forms].filter(isSolved).length;
      find(here, "span").textContent = filled(words.solved, right, forms.length);
    };
    count();
    begun.then(() => forms.forEach((form) => attend(form, words, count)));
    here.hidden = false;
  }
  if (all) {
    const words = wordsOf(all);
    const count = () => {
      const right = Object.keys(solved).length;
      find(all, "span").textContent = filled(words["all solved"], right, all.dataset.count);
    };
    find(all, "[name=save]").addEventListener("click", () => {
      recall();
      const text = JSON.stringify(Object.fromEntries(Object.entries(solved).sort()), null, 1);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      link.download = "solved-exercises.json";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    });
    /** @type {HTMLInputElement} */
    const file = find(all, "[name=load]");
    file.addEventListener("change", async () => {
      try {
        const found = read(await file.files?.[0]?.text() ?? "");
        if (!Object.keys(found).length) throw new Unreadable();
        recall();
        Object.assign(solved, found);
        keep();
        count();
      } catch {
        find(all, "span").textContent = words["not saved here"];
      }
      file.value = ""; // the same may be chosen again
    });
    find(all, "[name=erase]").addEventListener("click", () => {
      if (!confirm(words.sure)) return;
      solved = {};
      keep();
      count();
    });
    count();
    all.hidden = false;
  }
}
