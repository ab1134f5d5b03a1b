# SPDX-License-Identifier: MPL-2.0
"""Cases of a test script: each prints `ok name` or `FAIL name: reason`."""
import sys
import traceback

_failed = []


def case(function):
    """Decorator: runs the case where it stands."""
    name = function.__name__
    try:
        function()
        print(f"ok {name}", flush=True)
    except Exception as error:  # a case may fail in any way, and the next one shall still run
        _failed.append(name)
        reason = str(error) or type(error).__name__
        print(f"FAIL {name}: {reason}", flush=True)
        traceback.print_exc(file=sys.stdout)
    return function


def finish():
    sys.exit(1 if _failed else 0)
