import CommandLineTable
import MeshModel
import Operations

/// The version of this program.
let version = "0.1.0"

/// One command: how it is written, and which operation it starts.
protocol MeshdrCommand: Sendable {
  var description: Command { get }

  /// - Throws: what `CommandFailure` maps to a message and an exit code.
  func run(_ invocation: Invocation, _ context: MeshContext) async throws -> ExitCode
}

/// Every command, in the order of the help.
let commands: [any MeshdrCommand] = [
  InitCommand(), SnapshotCommand(), ListCommand(), ShowCommand(), DiffCommand(), VerifyCommand(),
  PruneCommand(), HoldCommand(), ReleaseCommand(), ExportCommand(), ImportCommand(), PlanCommand(),
  RestoreCommand(), RepointCommand(), FailbackCommand(), DrillCommand(), ActiveCommand(),
  StatusCommand(), AuditCommand(),
  ReportCommand(), RunsCommand(), PolicyCommand(), RPOCommand(),
  CompletionsCommand(), ManCommand(), VersionCommand(),
]

/// The whole command line.
let commandTable = CommandTable(
  name: "meshdr",
  summary: "disaster recovery for the catalogs and grants of an AWS data mesh",
  version: version,
  details: """
    S3 replication carries the bytes to a second region. meshdr carries what makes them a mesh: \
    Glue catalogs, LF-Tags, Lake Formation grants, filters and resource links.
    """,
  commands: commands.map(\.description),
  commonOptions: [
    Option(
      "mesh", value: .required("FILE", .file), summary: "the mesh file (default ./meshdr.yaml)"),
    Option(
      "store", value: .required("URL"), repeatable: true,
      summary: "where snapshots are kept, instead of the mesh file's store"),
    Option(
      "account", value: .required("ID|NAME"), repeatable: true, summary: "only these accounts"),
    Option(
      "only", value: .required("SELECTOR"), repeatable: true,
      summary: "only these: sales, sales.orders, kind:grant"),
    Option(
      "output", value: .choices(["text", "json"]), default: "text", summary: "form of the result"),
    Option("quiet", short: "q", summary: "say nothing but the result"),
    Option("verbose", short: "v", summary: "log every call to AWS, list every action"),
    Option(
      "log-format", value: .choices(["text", "json"]), default: "text", summary: "form of the log"),
    Option("no-progress", summary: "don't show how far it is"),
    Option("yes", short: "y", summary: "don't ask"),
  ],
  sections: [
    ManualSection(
      title: "EXIT STATUS",
      text: """
          0    done, and nothing is wrong
          1    failed
          2    usage or mesh file wrong; nothing was touched
          3    done in part: some accounts or records failed; each is named
          4    an objective was missed
          5    the archive is damaged or not this program's
          6    differences found
          130  interrupted; the journal is whole and --resume goes on
        """)
  ])

extension CommonOptions {
  /// - Throws: `CommandFailure` with exit code 2.
  init(_ invocation: Invocation) throws {
    self.init()
    mesh = invocation.value("mesh")
    stores = invocation.values("store")
    accounts = invocation.values("account")
    only = try invocation.values("only").map { text in
      guard let selector = Selector(text) else {
        throw CommandFailure(
          .usage, "“\(text)” selects nothing: write sales, sales.orders or kind:grant")
      }
      return selector
    }
    output = invocation.value("output") == "json" ? .json : .text
    logFormat = invocation.value("log-format") == "json" ? .json : .text
    quiet = invocation.flag("quiet")
    verbose = invocation.flag("verbose")
    progress = !invocation.flag("no-progress")
    yes = invocation.flag("yes")
  }
}
