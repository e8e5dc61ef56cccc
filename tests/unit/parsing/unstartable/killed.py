"""It dies in a C library."""

import os
import signal

os.kill(os.getpid(), signal.SIGSEGV)
