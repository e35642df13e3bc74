"""The role by which a translated paragraph has the numbers that its notebook glued."""

from myst_nb.ext.glue.roles import PasteTextRole


class GlueText(PasteTextRole):
    """A translated paragraph is parsed alone: there the notebook must be named."""

    text: str

    def run(self):
        env = getattr(self.document.settings, "env", None)
        if env and "::" not in self.text and "nb_renderer" not in self.document:
            key = self.text if ":" in self.text else f"{self.text}:s"
            self.text = f"/{env.doc2path(env.docname, base=False)}::{key}"
        return super().run()
