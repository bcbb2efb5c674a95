project = "Notes on consensus"
extensions = ["myst_parser"]
html_static_path = ["_static"]  # holds raft-playground/, which is the playground's dist/
html_js_files = [("raft-playground/raft-playground.js", {"type": "module"})]
