"""`python -m emulator serve`."""

import argparse
import logging

from emulator.server import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m emulator", description="An AWS stand-in on the loopback.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("serve", help="serve until SIGTERM or SIGINT")
    run.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    run.add_argument("--ready-file", help="where to write the line that is printed when ready")
    run.add_argument("--exit-with-parent", action="store_true", help="end when the starting process ends")
    run.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.WARNING)
    serve(options.port, options.ready_file, options.exit_with_parent)


if __name__ == "__main__":
    main()
