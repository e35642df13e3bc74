"""Constants that Python and the page's scripts share.

`langevin.figures.static` writes them, by their names, in front of the scripts; their types are
declared in `tools/types/shared.d.ts` for the checker of the scripts.
"""

# Hues of the systems of a race, in this order, and of the groups of a movie's discs.
HUES = ("blue", "vermilion", "green", "purple", "amber", "grey")
GROUPS = ("grey", "vermilion", "blue", "green", "purple", "amber")

# The systems differ in grey too.  DASHES: lengths of ink and of gap, in points.  CORNERS: of a
# mark, 0 for a disc, and the angle in units of π by which they are turned.
DASHES = ((), (6, 4), (0.1, 3.2), (6, 3.5, 0.1, 3.5), (12, 4), (6, 3.5, 0.1, 3.5, 0.1, 3.5))
CORNERS = ((0, 0), (4, 0.25), (3, 0.5), (4, 0), (3, 0), (5, 0.5))
CORNER_RADIUS = 1.3  # in radii of a disc of about the same area

FEW = 20  # particles that are drawn one by one; more of them are heaped on the curve of U,
HEAP = 14  # so many points high,
HEAP_STEP = 0.618034  # each of them by this part of the heap above the one before, modulo 1
MIN_RADIUS, MAX_RADIUS, RADIUS_POWER = 1.1, 4.5, 0.2  # max(MIN, MAX / n**POWER) points

LEVELS = 10  # lines of equal energy on a map
BINS = 60  # of a histogram
HEADROOM = 1.3  # height of its axis in units of the highest density
CUT = 0.03  # a density is not shown if its share at the domain's edge exceeds this

# Digits of a movie's numbers: printable ASCII that neither JSON nor HTML has to escape.
ALPHABET = "".join(c for c in map(chr, range(32, 126)) if c not in "\"\\<>&'`$")
