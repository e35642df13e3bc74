// What the pages' scripts find in the window.
declare var DOCUMENTATION_OPTIONS: { SHOW_SEARCH_SUMMARY: boolean }; // Sphinx's
declare function toggleFullScreen(): void; // the theme's
declare var firstPaint: Promise<unknown>; // of assets/book.js
declare var MathJax: {
  loader: { load: string[] };
  options: { processHtmlClass: string };
  startup: {
    ready(): void;
    pageReady(): void;
    defaultReady(): void;
    output: { styleSheet(formulas: unknown): HTMLStyleElement };
  };
  typesetPromise(formulas: Element[]): Promise<void>;
};
