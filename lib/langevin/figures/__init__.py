"""House style and interactive figures: arrays in, pictures out, no physics.

`show` prints a matplotlib figure, `explore` lets the reader change its parameters, `movie` plays
a recorded simulation and `live` runs one in the page.  All work beside a kernel, in the built book
without one, with the network off, without JavaScript (the first state) and in print.
"""

from langevin.figures.explore import explore, show
from langevin.figures.live import live
from langevin.figures.movie import movie
from langevin.figures.output import Html
from langevin.figures.parameters import Slider
from langevin.figures.style import axes, use_style
from langevin.figures.systems import Schedule

__all__ = ["Html", "Schedule", "Slider", "axes", "explore", "live", "movie", "show", "use_style"]
