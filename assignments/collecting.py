"""Collect submissions: from files and archives of any kind, each student by the whole name."""

import shutil
import unicodedata
import zipfile
from pathlib import Path, PurePosixPath

import roster
from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin

LARGEST = 64 << 20  # bytes of one notebook
MOST = 4 << 30  # bytes of all notebooks of an archive
DEPTH = 2  # an archive of a class may hold one of each student

# A platform puts a number and more words after the student: anna_late_1815_attempt_ps1.ipynb.
NAME = (
    r".*[/\\](?P<student_id>[^/\\]+?)(?:(?:_late)?_\d+_[^/\\]*)?"
    r"_(?P<file_id>ps\d+)(?:-\d+| ?\(\d+\))?\.ipynb$"
)


class Archives(ExtractorPlugin):
    """Take the notebooks out of archives, and nothing else; a bad archive is named and left."""

    def extract(self, archive_path, extracted_path):
        """Copy or unpack all that was downloaded."""
        for file in sorted(Path(archive_path).rglob("*")):
            target = Path(extracted_path) / file.relative_to(archive_path).parent
            if file.is_symlink():
                self.log.error("%s: a link was left out", file.name)
            elif file.suffix.lower() == ".zip":
                try:
                    with zipfile.ZipFile(file) as archive:
                        self.unpack(archive, target / file.stem, [MOST])
                except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError) as why:
                    self.log.error("%s: not unpacked, or not wholly: %s", file.name, why)
                except Exception as why:  # one archive never ends the others
                    self.log.error("%s: not unpacked, or not wholly: %r", file.name, why)
            elif file.is_file() and file.stat().st_size > LARGEST:
                self.log.error("%s: larger than %d MB, left out", file.name, LARGEST >> 20)
            elif file.is_file():
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, target / file.name)

    def unpack(self, archive, target, left, depth=1):
        """Write the notebooks of an archive below a folder.

        Parameters
        ----------
        archive : zipfile.ZipFile
            What to unpack.
        target : pathlib.Path
            Nothing is written outside of it.
        left : list of int
            One number: how many bytes may still be written; counted down in place.
        depth : int
            How many archives this one is in, with itself.
        """
        for entry in archive.infolist():
            path = PurePosixPath(name_of(entry).replace("\\", "/"))
            kind = path.suffix.lower()
            if entry.is_dir() or kind not in (".ipynb", ".zip"):
                continue
            if (entry.external_attr >> 16) & 0o170000 == 0o120000:
                self.log.error("%s: a link was left out", path)
                continue
            most = min(LARGEST, left[0])
            with archive.open(entry) as packed:
                data = packed.read(most + 1)
            if len(data) > most:
                raise ValueError(f"{path} is larger than {most >> 20} MB when unpacked")
            left[0] -= len(data)
            parts = [part for part in path.parts if part not in ("..", "/")]
            place = target.joinpath(*parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            if kind == ".ipynb":
                place.write_bytes(data)
            elif depth < DEPTH:
                place.write_bytes(data)
                with zipfile.ZipFile(place) as inner:
                    self.unpack(inner, place.with_suffix(""), left, depth + 1)
            else:
                self.log.error("%s: an archive in an archive in an archive was left out", path)


def name_of(entry):
    """Return the name of an entry; older programs write UTF-8 and do not say so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


class Names(FileNameCollectorPlugin):
    """Tell whose each file is; a name that cannot be is said and left out."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.taken, self.students = {}, roster.of_course()

    def collect(self, submitted_file):
        """Return the student and the set of a file, or None."""
        path = Path(unicodedata.normalize("NFC", submitted_file))
        if "_assignsubmission_" in path.parent.name:  # Moodle may make a folder for each student
            path = path.with_name(f"{path.parent.name}_{path.name}")
        found = super().collect(str(path))
        if not found:
            return None
        student, where = found["student_id"].strip(), Path(submitted_file).name
        if why := roster.unfit(student):
            self.log.error("%s: left out, since nobody can be called %r; %s", where, student, why)
            return None
        if known := roster.whose([student], self.students):
            student = known.id
        key = (student, found["file_id"])
        if key in self.taken:
            kept = self.taken[key]
            self.log.error("%s: left out; %s has also handed in %s, kept", where, student, kept)
            return None
        self.taken[key] = where
        return found | {"student_id": student}
