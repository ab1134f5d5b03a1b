# SPDX-License-Identifier: MPL-2.0
"""Imported first by what lies here, so that the modules of scenarios and of the outsider are found."""
import os
import sys

sys.dont_write_bytecode = True
TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path += [os.path.join(TESTS, "scenario"), os.path.join(TESTS, "interop")]
