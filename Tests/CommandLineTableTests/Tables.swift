import CommandLineTable

/// A table with one of everything.
let small = CommandTable(
  name: "tool", summary: "does small things", version: "1.2",
  commands: [
    Command(
      name: "copy", summary: "copy things",
      arguments: [
        Argument("FROM", shape: .file, summary: "what to copy"),
        Argument("TO", .optional, shape: .folder, summary: "where to"),
      ],
      options: [
        Option("level", short: "l", value: .required("N", .integer(-1...9)), summary: "how deep"),
        Option("jobs", value: .required("N", .positive), default: "4", summary: "how many"),
        Option("force", short: "f", summary: "overwrite"),
      ]),
    Command(
      name: "join", summary: "join things",
      arguments: [Argument("PART", .repeating(atLeast: 1), summary: "what to join")],
      options: [Option("into", value: .required("FILE", .file), required: true, summary: "where")]),
    Command(
      name: "print", summary: "print a script",
      arguments: [Argument("SHELL", shape: .choice(["bash", "zsh"]), summary: "for which shell")]),
  ],
  commonOptions: [
    Option("config", short: "c", value: .required("FILE", .file), summary: "the settings"),
    Option("only", value: .required("NAME"), repeatable: true, summary: "leave out the rest"),
    Option(
      "output", short: "o", value: .choices(["text", "json"]), default: "text", summary: "form"),
    Option("quiet", short: "q", summary: "say less"),
    Option("verbose", short: "v", repeatable: true, summary: "say more"),
  ])

private let regionOption = Option(
  "region", value: .required("R"), required: true, summary: "the region to work in")

private let restoreOptions = [
  regionOption,
  Option("snapshot", value: .required("ID"), default: "latest", summary: "which snapshot"),
  Option("dry-run", summary: "decide, print the plan and stop"),
  Option(
    "on-conflict", value: .choices(["overwrite", "skip", "fail"]), default: "overwrite",
    summary: "what becomes of a record that is there already and differs from the snapshot"),
  Option("concurrency", value: .required("N", .positive), summary: "calls at once"),
  Option(
    "keep-extra-grants", summary: "report grants that the snapshot lacks, revoke none",
    group: "grants"),
]

/// A table of the form and size that the program's own has.
let mesh = CommandTable(
  name: "meshdr", summary: "disaster recovery for data meshes on AWS", version: "0.1.0",
  details: """
    meshdr captures a mesh's catalog and grants, and brings them back
    in another region.

      meshdr snapshot
      meshdr restore --region eu-west-1
    """,
  commands: [
    Command(
      name: "snapshot", summary: "capture every account of the mesh into a sealed snapshot",
      group: "capture"),
    Command(
      name: "show", summary: "what a snapshot holds",
      details: "With a kind and a key, the record's JSON.",
      arguments: [
        Argument("SNAPSHOT", summary: "an id, the start of one, or latest"),
        Argument("KIND", .optional, summary: "such as glue/table"),
        Argument("KEY", .optional, summary: "a record's key"),
      ], group: "capture"),
    Command(
      name: "restore", summary: "rebuild catalog and grants in a region, timing the RTO",
      details: """
        A restore can be killed at any instant and run again: it goes on where it stood, and \
        when everything is there already it changes nothing and says so.

        Examples:

          meshdr restore --region eu-west-1 --dry-run
          meshdr restore --region eu-west-1 --on-conflict fail   # it's strict
        """,
      options: restoreOptions, group: "recovery"),
    Command(
      name: "completions", summary: "print a script for a shell",
      arguments: [
        Argument("bash|zsh|fish", shape: .choice(["bash", "zsh", "fish"]), summary: "the shell")
      ]),
  ],
  commonOptions: [
    Option(
      "mesh", value: .required("FILE", .file), default: "./meshdr.yaml", summary: "the mesh file"),
    Option("store", value: .required("URL"), summary: "a folder or s3://bucket/prefix"),
    Option(
      "account", value: .required("ID|NAME"), repeatable: true,
      summary: "an account to limit the work to"),
    Option("output", value: .choices(["text", "json"]), default: "text", summary: "results' form"),
    Option("quiet", short: "q", summary: "say nothing but results and errors"),
    Option("yes", short: "y", summary: "ask nothing"),
  ],
  sections: [ManualSection(title: "Exit status", text: "  0  done\n  2  usage wrong")])
