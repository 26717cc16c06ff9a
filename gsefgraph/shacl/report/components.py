"""What each constraint component says (SHACL, sections 4 and 5), and what it asks for.

A key is the component's local name; a key with a hyphen is the same component where more is known,
or less: ``MinCount-none`` when there is no value at all.
"""

from __future__ import annotations

from gsefgraph.wording import Table

COMPONENTS = Table("component")
# What a component asks for, for those who see a rule without a name of its own.
ASKED = Table("title")
