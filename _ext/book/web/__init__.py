"""The written pages, from what Sphinx puts out to the finished site: see `finish`."""
