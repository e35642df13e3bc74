"""House style and interactive figures: arrays in, pictures out, no physics.

`show` prints a matplotlib figure, `explore` lets the reader change its parameters and `movie`
plays a recorded simulation.  All three work beside a kernel, in the built book without one, with
the network off, without JavaScript (the first state) and in print.
"""

from langevin.figures.explorer import explore, show
from langevin.figures.output import Html
from langevin.figures.parameters import Slider
from langevin.figures.player import movie
from langevin.figures.style import axes, use_style

__all__ = ["Html", "Slider", "axes", "explore", "movie", "show", "use_style"]
