"""`python -m easir_tui` is `easir`."""

import sys

from easir_tui.cli import main

sys.exit(main())
