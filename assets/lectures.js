// A lecture: reveal moves from slide to slide; N shows what the teacher says.
{
  const root = document.documentElement;
  let theme = "";
  try { theme = localStorage.getItem("theme") ?? ""; } catch { /* the device keeps nothing */ }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = ["light", "dark"].includes(theme) ? theme : dark ? "dark" : "light";

  Reveal.initialize({
    disableLayout: true, // the slides fit themselves by assets/lectures.css
    scrollActivationWidth: null,
    hash: true,
    slideNumber: "c/t",
    transition: "none",
    backgroundTransition: "none",
  });
  Reveal.addKeyBinding({ keyCode: 78, key: "N", description: "Notes" }, () => {
    root.classList.toggle("with-notes");
  });
}
