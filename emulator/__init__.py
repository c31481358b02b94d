"""An AWS stand-in for one machine: moto behind a front that refuses what AWS would refuse.

Start it with ``python -m emulator serve``; `README.md` beside this file tells the rest.
"""
