import CMemory
import CommandLineTable
import Operations

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@main
enum Meshdr {
  static func main() async {
    cmemory_use_one_heap()
    let process = ProcessSurroundings()
    let code = await run(Array(CommandLine.arguments.dropFirst()), process)
    exit(process.exitCode(code).rawValue)
  }
}

/// Parses the command line and runs the command.
func run(_ arguments: [String], _ process: ProcessSurroundings) async -> ExitCode {
  do throws(UsageError) {
    let invocation = try commandTable.parse(arguments)
    switch invocation.request {
    case .help(let command):
      process.write(commandTable.help(for: command, width: process.width))
      return .done
    case .version:
      process.write("meshdr \(version)")
      return .done
    case .run:
      return await run(invocation, process)
    }
  } catch {
    process.complain("meshdr: \(error.message)\n\(error.hint)")
    return .usage
  }
}

func run(_ invocation: Invocation, _ process: ProcessSurroundings) async -> ExitCode {
  guard let command = commands.first(where: { $0.description.name == invocation.command }) else {
    process.complain("meshdr: no command “\(invocation.command)”")
    return .usage
  }
  do {
    let options = try CommonOptions(invocation)
    let context = MeshContext(options, process.surroundings(options))
    return try await command.run(invocation, context)
  } catch {
    let failure = CommandFailure(error)
    process.complain("meshdr: \(failure.message)")
    return failure.code
  }
}
