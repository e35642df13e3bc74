// What the pages' scripts find in the window.
declare var DOCUMENTATION_OPTIONS: { pagename: string }; // Sphinx's
declare class Stemmer { stemWord(word: string): string } // Sphinx's, in search-index.js
declare var searchIndex: { // of search-index.js
  kinds: string[];
  pages: [name: string, title: string, language: string, about: number][];
  entries: [page: number, kind: number, place: string, title: string, text: string][];
};
declare class MiniSearch { // of the package minisearch
  constructor(options: object);
  addAllAsync(entries: object[], options: object): Promise<void>;
  search(query: string): { id: number; score: number; terms: string[]; queryTerms: string[] }[];
}
declare const Reveal: { // of the package reveal.js
  initialize(options: object): Promise<void>;
  addKeyBinding(key: { keyCode: number; key: string; description: string }, does: () => void): void;
};
declare function toggleFullScreen(): void; // the theme's
declare var firstPaint: Promise<unknown>; // of assets/book.js
declare var begun: Promise<unknown>; // of assets/book.js
declare var watchFormulas: ((place: ParentNode) => void) | undefined; // of assets/math.js
declare var answers: object; // of assets/answers.js, for its tests
