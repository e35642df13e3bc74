"""Start a kernel with the memory that Binder gives, and not more.

RLIMIT_DATA counts what a process may write and shares with nobody. The memory that a container
is charged for is the part of this that has been touched, so a kernel that stays below the limit
stays below the container's. (RLIMIT_AS also counts what is mapped and never touched.)
"""

import os
import resource
import sys

CAP = 2 * 1024**3

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_DATA, (CAP, CAP))
    os.execv(sys.executable, [sys.executable, "-m", "ipykernel_launcher", *sys.argv[1:]])
