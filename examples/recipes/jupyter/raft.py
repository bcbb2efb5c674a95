import pathlib

import anywidget
import traitlets


class Raft(anywidget.AnyWidget):
    _esm = pathlib.Path("raft-playground.widget.js")  # or its https address: notebooks stay small then
    scenario = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    servers = traitlets.Int(5).tag(sync=True)
    speed = traitlets.Float(0.1).tag(sync=True)
    height = traitlets.Unicode("40rem").tag(sync=True)
    time_ms = traitlets.Float(0.0).tag(sync=True)


raft = Raft(servers=5)
raft
